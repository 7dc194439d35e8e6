package io.millrace.engine.coordinator;

import static io.millrace.engine.coordinator.CoordinatorForms.ALICE;
import static io.millrace.engine.coordinator.CoordinatorForms.NUMBER;
import static io.millrace.engine.coordinator.CoordinatorForms.ONE;
import static io.millrace.engine.coordinator.CoordinatorForms.ORDERS;
import static io.millrace.engine.coordinator.CoordinatorForms.ZERO;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
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

class CoordinatorMessageWireTest {

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

  static Stream<CoordinatorMessage.Wire> messages() {
    CheckpointPosition position = CheckpointPosition.after(NUMBER, 3);
    CheckpointPosition atTime = CheckpointPosition.atTimestamp(Instant.ofEpochMilli(17));
    Payload state = Payload.utf8("state");
    Lease lease =
        Lease.fresh(ZERO, List.of(ONE), CheckpointPosition.TRIM_HORIZON)
            .assigned(ALICE, 5)
            .handingOffTo("bob")
            .prepared(new Lease.Pending(position, state));
    return Stream.of(
        new CoordinatorMessage.Heartbeat(ALICE, ORDERS, atTime, 3, 9, nobody()),
        new CoordinatorMessage.Orders(8, 9, List.of(new CoordinatorMessage.Grant(ZERO, 5, true))),
        new CoordinatorMessage.TurnedAway(CoordinatorMessage.TurnedAway.Reason.NAMESAKE, "why"),
        new CoordinatorMessage.Claim(ALICE, ZERO, 5, nobody()),
        new CoordinatorMessage.Start(
            position, Optional.of(state), Optional.of(new Lease.Pending(position, state))),
        new CoordinatorMessage.Checkpoints(
            ALICE,
            List.of(
                new CoordinatorMessage.Checkpoint(
                    ZERO, 5, CheckpointPosition.SHARD_END, Optional.of(state)),
                new CoordinatorMessage.Checkpoint(ONE, 6, position, Optional.empty())),
            nobody()),
        new CoordinatorMessage.Judged(
            List.of(
                new CoordinatorMessage.Done(),
                new CoordinatorMessage.Refused(CoordinatorMessage.Refused.Kind.INVALID, "why"))),
        new CoordinatorMessage.Prepare(ALICE, ZERO, 5, position, state, nobody()),
        new CoordinatorMessage.Release(ALICE, ZERO, 5),
        new CoordinatorMessage.Leave(ALICE, nobody()),
        new CoordinatorMessage.Describe(nobody()),
        new CoordinatorMessage.Standing(
            Optional.of(new CoordinatorState.Binding(ORDERS, 7, atTime)),
            List.of(lease),
            List.of("alice")),
        new CoordinatorMessage.Reset(CheckpointPosition.LATEST, nobody()),
        new CoordinatorMessage.Delete(nobody()),
        new CoordinatorMessage.Done(),
        new CoordinatorMessage.Refused(CoordinatorMessage.Refused.Kind.UNKNOWN, "why"));
  }

  @ParameterizedTest
  @MethodSource("messages")
  void crossesToAnotherNode(CoordinatorMessage.Wire message) {
    Serialization serialization = SerializationExtension.get(kit.system());
    assertThat(serialization.findSerializerFor(message)).isInstanceOf(JacksonCborSerializer.class);
    byte[] bytes = serialization.serialize(message).get();
    int serializer = serialization.findSerializerFor(message).identifier();
    assertThat(serialization.deserialize(bytes, serializer, message.getClass().getName()).get())
        .isEqualTo(message);
  }

  @Test
  void everyMessageThatMayCrossIsTried() {
    List<Class<?>> wire =
        Arrays.stream(CoordinatorMessage.class.getDeclaredClasses())
            .filter(type -> type.isRecord() && CoordinatorMessage.Wire.class.isAssignableFrom(type))
            .filter(type -> type != CoordinatorMessage.Grant.class)
            .<Class<?>>map(type -> type)
            .toList();
    assertThat(messages()).<Class<?>>extracting(Object::getClass).containsAll(wire);
  }
}
