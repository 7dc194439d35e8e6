package io.millrace.engine.consumer;

import static io.millrace.engine.consumer.TaskBed.after;
import static io.millrace.engine.consumer.TaskBed.get;
import static io.millrace.engine.consumer.TaskBed.number;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.api.StartingPosition;
import io.millrace.engine.consumer.ShardIntake.Batch;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.stream.javadsl.Sink;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ShardIntakeTest {

  private static ActorTestKit kit;

  @BeforeAll
  static void startKit() {
    kit = ActorTestKit.create();
  }

  @AfterAll
  static void stopKit() {
    kit.shutdownTestKit();
  }

  /** Two user records "a" and "b" under the key "k", as the producer library puts them. */
  private static Payload aggregated() throws NoSuchAlgorithmException {
    byte[] message = {0x0a, 1, 'k', 0x1a, 5, 0x08, 0, 0x1a, 1, 'a', 0x1a, 5, 0x08, 0, 0x1a, 1, 'b'};
    byte[] digest = MessageDigest.getInstance("MD5").digest(message);
    ByteBuffer bytes = ByteBuffer.allocate(4 + message.length + digest.length);
    bytes.putInt(0xF3899AC2).put(message).put(digest);
    return Payload.of(bytes.array());
  }

  private static List<String> texts(Batch batch) {
    return batch.records().stream().map(record -> record.data().utf8()).toList();
  }

  private static List<Batch> batches(CheckpointPosition start) throws NoSuchAlgorithmException {
    ShardIntake intake =
        TaskBed.closed(
            List.of(
                TaskBed.batch(
                    List.of(
                        TaskBed.record(0, aggregated()),
                        TaskBed.record(1, Payload.of("alone".getBytes(StandardCharsets.UTF_8)))))));
    return get(intake.batches(new TaskBed(start)).runWith(Sink.seq(), kit.system()));
  }

  @Test
  void takesAggregatedRecordsApart() throws NoSuchAlgorithmException {
    List<Batch> batches = batches(CheckpointPosition.TRIM_HORIZON);
    assertThat(texts(batches.get(0))).containsExactly("a", "b", "alone");
    assertThat(batches.get(0).finished()).isEqualTo(after(1));
    assertThat(batches.get(0).records().stream().map(ShardIntake::finishedBy))
        .containsExactly(
            CheckpointPosition.after(number(0), 0),
            CheckpointPosition.after(number(0), 1),
            after(1));
    assertThat(batches.get(1).isAtShardEnd()).isTrue();
  }

  @Test
  void dropsThePartOfARecordThatIsFinished() throws NoSuchAlgorithmException {
    CheckpointPosition inside = CheckpointPosition.after(number(0), 0);
    assertThat(texts(batches(inside).get(0))).containsExactly("b", "alone");
    assertThat(LeasedShard.startingPosition(inside))
        .isEqualTo(StartingPosition.atSequenceNumber(number(0)));
    assertThat(texts(batches(after(0)).get(0))).containsExactly("alone");
    assertThat(LeasedShard.startingPosition(after(0)))
        .isEqualTo(StartingPosition.afterSequenceNumber(number(0)));
  }
}
