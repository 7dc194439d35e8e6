package io.millrace.engine.shard;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.engine.shard.PendingPut.Slot;
import io.millrace.engine.shard.ShardMessage.NotWritten;
import io.millrace.engine.shard.ShardMessage.Put;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.pekko.actor.testkit.typed.javadsl.TestInbox;

class PutQueueProperties {

  @Property(tries = 200)
  void givesWhatItTookInOrderAndCountsItRight(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 3_000) int batchBytes,
      @ForAll @IntRange(min = 1, max = 20) int batchRecords) {
    Random random = new Random(seed);
    PutQueue queue = new PutQueue(GateFixture.batches(batchBytes, batchRecords, 500));
    Deque<Slot> model = new ArrayDeque<>();
    for (int i = 0; i < 200; i++) {
      if (random.nextBoolean()) {
        int records = 1 + random.nextInt(6);
        PendingPut pending = put(records, 1 + random.nextInt(1_000));
        for (int n = 0; n < records; n++) {
          Slot slot = new Slot(pending, n);
          assertThat(queue.hasRoomFor(slot.entry().size())).isEqualTo(model.size() < 500);
          if (queue.hasRoomFor(slot.entry().size())) {
            queue.add(slot);
            model.addLast(slot);
          }
        }
      } else if (random.nextInt(30) == 0) {
        queue.settleAll(new NotWritten("test"));
        model.clear();
      } else if (!model.isEmpty()) {
        List<Slot> batch = queue.takeBatch();
        List<Slot> expected = new ArrayList<>();
        long bytes = 0;
        while (!model.isEmpty()
            && expected.size() < batchRecords
            && (expected.isEmpty()
                || bytes + model.peek().entry().size() <= room(expected, model, batchBytes))) {
          bytes += model.peek().entry().size();
          expected.add(model.poll());
        }
        assertThat(batch).isEqualTo(expected);
      }
      assertThat(queue.isEmpty()).isEqualTo(model.isEmpty());
      assertThat(queue.puts()).isEqualTo(puts(model));
      assertThat(queue.fillsBatch())
          .isEqualTo(
              model.size() >= batchRecords
                  || model.stream().mapToInt(slot -> slot.entry().size()).sum() >= batchBytes);
    }
  }

  /** A put that was begun may take a quarter more. */
  private static int room(List<Slot> taken, Deque<Slot> left, int batchBytes) {
    boolean samePut = taken.get(taken.size() - 1).pending() == left.peek().pending();
    return samePut ? batchBytes + batchBytes / 4 : batchBytes;
  }

  private static int puts(Deque<Slot> slots) {
    Set<PendingPut> puts = new HashSet<>();
    slots.forEach(slot -> puts.add(slot.pending()));
    return puts.size();
  }

  private static PendingPut put(int records, int bytes) {
    return new PendingPut(
        new Put(
            Collections.nCopies(records, GateFixture.entryOf(bytes)),
            false,
            1 << 20,
            OptionalLong.empty(),
            TestInbox.<ShardMessage.PutDone>create().getRef()));
  }
}
