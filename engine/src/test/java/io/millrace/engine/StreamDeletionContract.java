package io.millrace.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.GetRecordsRequest;
import io.millrace.engine.api.ListShardsRequest;
import io.millrace.engine.api.ListStreamsRequest;
import io.millrace.engine.api.MillraceException;
import io.millrace.engine.api.Outcome;
import io.millrace.engine.api.PutRecordsRequest;
import io.millrace.engine.api.PutRecordsRequestEntry;
import io.millrace.engine.api.ResourceInUseException;
import io.millrace.engine.api.ResourceNotFoundException;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.model.StreamStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** The end of a stream, with all that was stored of it. */
public abstract class StreamDeletionContract extends StreamLifeContract {

  @Test
  void deletedStreamIsGone() {
    create("orders", 2);
    put("orders", "a");

    delete("orders");

    for (CompletionStage<?> call : callsOn("orders")) {
      failure(ResourceNotFoundException.class, call);
    }
    failure(ResourceNotFoundException.class, client().putRecord("orders", "k", data("a")));
    assertThat(get(client().listStreams(ListStreamsRequest.all())).streamNames()).isEmpty();
  }

  @Test
  void deletionRemovesEveryRow() {
    with("");
    create("orders", 2);
    for (int i = 0; i < 20; i++) {
      put("orders", "record " + i);
    }
    int before = storedEvents("orders") + storedEventsOf("shard|orders~1~1");
    assertThat(before).isGreaterThanOrEqualTo(22);

    delete("orders");

    for (String actor : List.of("shard|orders~1~0", "shard|orders~1~1")) {
      assertThat(storedEventsOf(actor)).isZero();
      assertThat(get(watched().trimmer().erase(actor, 1))).as("rows left of " + actor).isZero();
    }
    eventually(() -> assertThat(storedEventsOf("stream|orders~1")).isZero());
  }

  @Test
  void reusedNameStartsEmpty() {
    create("orders", 1);
    put("orders", "old");
    get(increase("orders", 100));
    clock.advance(Duration.ofSeconds(1));
    delete("orders");

    create("orders", 2);

    assertThat(describe("orders").retentionPeriodHours()).isEqualTo(24);
    assertThat(summary("orders").openShardCount()).isEqualTo(2);
    assertThat(describe("orders").streamCreationTimestamp()).isEqualTo(now());
    assertThat(texts("orders")).isEmpty();
    put("orders", "new");
    restart();
    assertThat(readAll("orders", SHARD_0).size() + readAll("orders", "shardId-1").size())
        .isEqualTo(1);
  }

  @Test
  void streamBeingDeletedServesReadsWhileItsDataExistAndRefusesTheRest() {
    create("orders", 1);
    put("orders", "a");
    String iterator = trimHorizon("orders");
    watched().holdErasures();

    get(deletion("orders"));

    assertThat(status("orders")).isEqualTo(StreamStatus.DELETING);
    assertThat(describe("orders").shards()).hasSize(1);
    assertThat(get(client().listShards(ListShardsRequest.of("orders"))).shards()).hasSize(1);
    assertThat(get(client().listStreams(ListStreamsRequest.all())).streamNames())
        .containsExactly(new StreamName("orders"));
    assertThat(texts(read(iterator).records())).containsExactly("a");
    assertThat(texts("orders")).containsExactly("a");
    failure(ResourceNotFoundException.class, client().putRecord("orders", "k", data("b")));
    failure(
        ResourceNotFoundException.class,
        client()
            .putRecords(PutRecordsRequest.of("orders", PutRecordsRequestEntry.of("k", data("b")))));
    failure(ResourceInUseException.class, deletion("orders"));
    failure(ResourceInUseException.class, increase("orders", 48));
    failure(ResourceInUseException.class, decrease("orders", 24));
    failure(ResourceInUseException.class, resize("orders", 2048));
    failure(ResourceInUseException.class, client().createStream("orders", 1));

    watched().releaseErasures();
    awaitGone("orders");
    failure(ResourceNotFoundException.class, client().getRecords(GetRecordsRequest.of(iterator)));
  }

  @Test
  void deletionGoesOnAfterARestart() {
    with("");
    create("orders", 1);
    put("orders", "a");
    watched().holdErasures();
    get(deletion("orders"));
    restart();

    awaitGone("orders");

    assertThat(storedEvents("orders")).isZero();
    create("orders", 1);
    assertThat(texts("orders")).isEmpty();
  }

  @Test
  void putsThatRaceADeletionAreStoredOrRefused() {
    with("");
    create("orders", 1);
    List<CompletionStage<?>> puts = new ArrayList<>();
    CompletionStage<Void> deletion = null;
    for (int i = 0; i < 200; i++) {
      puts.add(client().putRecord("orders", "k", data("record")));
      if (i == 100) {
        deletion = deletion("orders");
      }
    }
    get(deletion);
    awaitGone("orders");

    for (CompletionStage<?> call : puts) {
      try {
        get(call);
      } catch (MillraceException failed) {
        assertThat(failed.outcome()).isIn(Outcome.REFUSED, Outcome.NOT_WRITTEN, Outcome.UNKNOWN);
      }
    }
    create("orders", 1);
    assertThat(texts("orders")).isEmpty();
    assertThat(storedEvents("orders")).isZero();
  }
}
