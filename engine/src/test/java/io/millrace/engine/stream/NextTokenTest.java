package io.millrace.engine.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.NextToken.ConsumersPlace;
import io.millrace.engine.stream.NextToken.Expired;
import io.millrace.engine.stream.NextToken.Invalid;
import io.millrace.engine.stream.NextToken.ShardsPlace;
import io.millrace.engine.stream.NextToken.Valid;
import java.security.SecureRandom;
import org.junit.jupiter.api.Test;

class NextTokenTest {

  private static final long ISSUED = 1_700_000_000_000L;
  private static final StreamName ORDERS = new StreamName("orders");

  private final SealedToken seal = new SealedToken(Payload.of(new byte[32]), new SecureRandom());

  @Test
  void bringsBackEverySelectionOfShards() {
    ShardSelection[] selections = {
      ShardSelection.ALL,
      ShardSelection.of(ShardFilterType.AT_TRIM_HORIZON),
      ShardSelection.of(ShardFilterType.AT_LATEST),
      ShardSelection.of(ShardFilterType.AT_TIMESTAMP, 0),
      ShardSelection.of(ShardFilterType.FROM_TIMESTAMP, ISSUED),
      ShardSelection.after(new ShardId(0))
    };
    for (ShardSelection selection : selections) {
      ShardsPlace place = new ShardsPlace(ORDERS, 7, selection, new ShardId(41));

      String token = NextToken.of(place, seal, ISSUED);

      assertThat(NextToken.forShards(token, seal, ISSUED)).isEqualTo(new Valid<>(place));
    }
  }

  @Test
  void bringsBackAStreamName() {
    String token = NextToken.of(ORDERS, seal, ISSUED);

    assertThat(NextToken.forStreams(token, seal, ISSUED)).isEqualTo(new Valid<>(ORDERS));
  }

  @Test
  void bringsBackAPlaceAmongConsumers() {
    ConsumersPlace place = new ConsumersPlace(ORDERS, 7, new ConsumerName("audit"));
    String token = NextToken.of(place, seal, ISSUED);

    assertThat(NextToken.forConsumers(token, seal, ISSUED)).isEqualTo(new Valid<>(place));
    assertThat(NextToken.forStreams(token, seal, ISSUED)).isEqualTo(new Invalid<>());
  }

  @Test
  void isGoodForLessThanThreeHundredSeconds() {
    String token = NextToken.of(ORDERS, seal, ISSUED);

    assertThat(NextToken.forStreams(token, seal, ISSUED + 299_999)).isEqualTo(new Valid<>(ORDERS));
    assertThat(NextToken.forStreams(token, seal, ISSUED + 300_000))
        .isEqualTo(new Expired<>(ISSUED));
  }

  @Test
  void staysGoodWhenTheClockJumpsBack() {
    String token = NextToken.of(ORDERS, seal, ISSUED);

    assertThat(NextToken.forStreams(token, seal, ISSUED - 10_000_000))
        .isEqualTo(new Valid<>(ORDERS));
  }

  @Test
  void isInvalidForAnotherOperationOrWhenMadeUp() {
    assertThat(NextToken.forShards(NextToken.of(ORDERS, seal, ISSUED), seal, ISSUED))
        .isEqualTo(new Invalid<>());
    assertThat(NextToken.forStreams("made up", seal, ISSUED)).isEqualTo(new Invalid<>());
  }

  @Test
  void isInvalidWhenItSaysSomethingElse() {
    String token = seal.seal(SealedToken.Purpose.LIST_SHARDS, new byte[20]);

    assertThat(NextToken.forShards(token, seal, 0)).isEqualTo(new Invalid<>());
  }
}
