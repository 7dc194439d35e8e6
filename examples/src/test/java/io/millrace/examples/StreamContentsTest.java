package io.millrace.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamContentsTest {

  private static final ShardId SHARD = new ShardId(0);
  private static final Earthquake A1 = earthquake("a1", "a", 1, "2.5");
  private static final Earthquake A2 = earthquake("a2", "a", 2, "null");
  private static final Earthquake A3 = earthquake("a3", "a", 3, "2.5");
  private static final Earthquake B1 = earthquake("b1", "b", 1, "null");

  private final StreamContents contents = new StreamContents();

  @Test
  void countsAnEventOnce() {
    add(A1, A2, A2);
    assertThat(contents.events()).isEqualTo(2);
    assertThat(contents.duplicates()).isEqualTo(1);
    assertThat(contents.shards().get(SHARD).records()).isEqualTo(2);
    assertThat(contents.isExact()).isFalse();
  }

  @Test
  void keepsTheFirstOfTheStrongest() {
    add(A1, A2, A3);
    assertThat(contents.networks().get("a").strongest())
        .hasValueSatisfying(event -> assertThat(event.id()).isEqualTo("a1"));
  }

  @Test
  void networkWithoutMagnitudesHasNoStrongest() {
    add(B1);
    assertThat(contents.networks().get("b").events()).isEqualTo(1);
    assertThat(contents.networks().get("b").strongest()).isEmpty();
  }

  @Test
  void seesAnEventBehindALaterOne() {
    add(A2, B1, A1);
    assertThat(contents.misplaced()).isEqualTo(1);
    assertThat(contents.isExact()).isFalse();
  }

  @Test
  void eachNetworkMayHaveGotThisFar() {
    add(A1, A2);
    assertThat(contents.isBeginningOf(List.of(A1, B1, A2, A3))).isTrue();
    assertThat(contents.missingOf(List.of(A1, B1, A2, A3))).containsExactly(B1, A3);
  }

  @Test
  void gapMeansThatTheOldestAreGone() {
    add(A2);
    assertThat(contents.isBeginningOf(List.of(A1, A2, A3))).isFalse();
  }

  private void add(Earthquake... events) {
    for (Earthquake event : events) {
      contents.add(
          SHARD,
          List.of(
              new Record(
                  new SequenceNumber(1, SequenceNumber.counter(1, 0), 1, 0),
                  Instant.EPOCH,
                  event.json(),
                  event.network())));
    }
  }

  private static Earthquake earthquake(String id, String network, long time, String magnitude) {
    return Earthquake.of(
        Payload.utf8(
            """
            {"id": "%s", "properties": {"net": "%s", "time": %d, "mag": %s, "place": "there"}}
            """
                .formatted(id, network, time, magnitude)));
  }
}
