package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.capacity.HotKey;
import io.millrace.engine.model.EncryptionType;
import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.KeyFailure;
import io.millrace.engine.model.KeyId;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.model.ProducerSequence;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.jackson.JacksonCborSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ShardMessageWireTest {

  private static final SequenceNumber NUMBER =
      new SequenceNumber(1_700_000_000L, SequenceNumber.counter(7, 3), 1_700_000_100L, 2);

  private static ActorTestKit kit;

  @BeforeAll
  static void start() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stop() {
    kit.shutdownTestKit();
  }

  private static <T> ActorRef<T> nobody() {
    return kit.<T>createTestProbe().getRef();
  }

  static Stream<ShardMessage.Wire> messages() {
    return Stream.of(
        new ShardMessage.Open(
            1_700_000_000L,
            1_700_000_000_123L,
            HashKeyRange.FULL,
            Payload.utf8("inherited"),
            nobody()),
        new ShardMessage.Opened(),
        new ShardMessage.Put(List.of(), true, 1 << 20, OptionalLong.of(5), nobody()),
        new ShardMessage.Put(
            List.of(), true, 1, OptionalLong.empty(), Optional.of(KeyId.DEFAULT), nobody()),
        new ShardMessage.PutDone(
            List.of(
                new ShardMessage.Stored(NUMBER, EncryptionType.KMS),
                new ShardMessage.Throttled(new ShardId(1), 5),
                new ShardMessage.Refused("why"),
                new ShardMessage.Moved(),
                new ShardMessage.KeyRefused(KeyFailure.DISABLED, "why"),
                new ShardMessage.NotWritten("why"),
                new ShardMessage.Unknown("why"),
                new ShardMessage.Forgotten())),
        new ShardMessage.Stored(NUMBER, EncryptionType.KMS),
        new ShardMessage.Throttled(new ShardId(1), 5),
        new ShardMessage.Refused("why"),
        new ShardMessage.NotWritten("why"),
        new ShardMessage.Moved(),
        new ShardMessage.KeyRefused(KeyFailure.DISABLED, "why"),
        new ShardMessage.Unknown("why"),
        new ShardMessage.Forgotten(),
        new ShardMessage.Read(5, 10, 100, 1000, true, nobody()),
        new ShardMessage.ReadDone(
            List.of(
                new Record(
                    NUMBER,
                    Instant.ofEpochMilli(17),
                    Payload.utf8("data"),
                    "key é",
                    EncryptionType.KMS)),
            9,
            3,
            false),
        new ShardMessage.ReadThrottled(),
        new ShardMessage.LocateLatest(nobody()),
        new ShardMessage.LocateTime(5, nobody()),
        new ShardMessage.Located(17),
        new ShardMessage.Trim(5, nobody()),
        new ShardMessage.Trimmed(5),
        new ShardMessage.ReportTraffic(nobody()),
        new ShardMessage.Accepted(
            new ShardId(3), 17, 4, Optional.of(new HotKey(new HashKey(1, -2), 0.5))),
        new ShardMessage.Close(nobody()),
        new ShardMessage.Closed(new ShardId(3), 1_700_000_000_123L, Payload.utf8("producers")),
        new ShardMessage.Erase(nobody()),
        new ShardMessage.Erased(),
        new ShardMessage.Failed(ShardMessage.Failed.Kind.CORRUPT, "why"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesToAnotherNode(ShardMessage.Wire message) {
    assertThat(overTheWire(message)).isEqualTo(message);
  }

  @Test
  void recordsCrossWithTheirBytes() {
    PutEntry entry =
        new PutEntry(
            HashKey.MIN,
            new byte[] {1, 2},
            Payload.of(new byte[] {3, 4, 5}),
            Optional.of(new ProducerSequence(new ProducerId(5, -6), 7)));
    ShardMessage.Put put =
        new ShardMessage.Put(List.of(entry), false, 1, OptionalLong.empty(), nobody());
    ShardMessage.Put copy = (ShardMessage.Put) overTheWire(put);
    assertThat(copy.orderingCounter()).isEmpty();
    assertThat(copy.entries()).hasSize(1);
    assertThat(copy.entries().get(0).partitionKey()).containsExactly(1, 2);
    assertThat(copy.entries().get(0).data()).isEqualTo(entry.data());
    assertThat(copy.entries().get(0).producer()).isEqualTo(entry.producer());
  }

  @Test
  void everyMessageThatMayCrossIsTried() {
    Set<Class<?>> tried = new HashSet<>();
    messages().forEach(message -> tried.add(message.getClass()));
    assertThat(tried).containsAll(wireTypes());
  }

  private static Set<Class<?>> wireTypes() {
    Set<Class<?>> found = new HashSet<>();
    Deque<Class<?>> open = new ArrayDeque<>(Arrays.asList(ShardMessage.class.getDeclaredClasses()));
    while (!open.isEmpty()) {
      Class<?> type = open.pop();
      open.addAll(Arrays.asList(type.getDeclaredClasses()));
      if (type.isRecord() && ShardMessage.Wire.class.isAssignableFrom(type)) {
        found.add(type);
      }
    }
    return found;
  }

  private static Object overTheWire(ShardMessage.Wire message) {
    Serialization serialization = SerializationExtension.get(kit.system());
    assertThat(serialization.findSerializerFor(message)).isInstanceOf(JacksonCborSerializer.class);
    byte[] bytes = serialization.serialize(message).get();
    int serializer = serialization.findSerializerFor(message).identifier();
    String manifest = message.getClass().getName();
    return serialization.deserialize(bytes, serializer, manifest).get();
  }
}
