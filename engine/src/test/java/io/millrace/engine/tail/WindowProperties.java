package io.millrace.engine.tail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.batch.TestEntry;
import io.millrace.engine.model.Payload;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class WindowProperties {

  private static final int SHARDS = 3;
  private static final ShardIdentity IDENTITY = new ShardIdentity(1, 0);

  /** What a budget over some windows must hold: the newest frames, in order of their coming. */
  private static final class Model {
    final long maxBytes;
    final Deque<long[]> oldestFirst = new ArrayDeque<>(); // shard, event, bytes
    long used;

    Model(long maxBytes) {
      this.maxBytes = maxBytes;
    }

    void add(int shard, long event, int bytes) {
      oldestFirst.addLast(new long[] {shard, event, bytes});
      used += bytes;
      while (used > maxBytes) {
        used -= oldestFirst.removeFirst()[2];
      }
    }

    void restart(int shard) {
      oldestFirst.removeIf(
          frame -> {
            if (frame[0] == shard) {
              used -= frame[2];
              return true;
            }
            return false;
          });
    }

    List<Long> events(int shard) {
      return oldestFirst.stream().filter(f -> f[0] == shard).map(f -> f[1]).toList();
    }
  }

  @Property
  void holdsTheNewestThatFitWhicheverShardTheyAreOf(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 3000) int maxBytes) {
    Random random = new Random(seed);
    WindowBudget budget = new WindowBudget(maxBytes);
    Model model = new Model(maxBytes);
    Window[] windows = new Window[SHARDS];
    long[] next = new long[SHARDS];
    for (int shard = 0; shard < SHARDS; shard++) {
      next[shard] = 1L + random.nextInt(100);
      windows[shard] = new Window(budget, next[shard]);
    }

    for (int i = 0; i < 200; i++) {
      int shard = random.nextInt(SHARDS);
      if (random.nextInt(40) == 0) {
        next[shard] += random.nextInt(3);
        windows[shard].restart(next[shard]);
        model.restart(shard);
      } else {
        Frame frame = frame(next[shard], random.nextInt(300));
        windows[shard].add(frame);
        model.add(shard, next[shard]++, frame.bytes().length);
      }

      assertThat(budget.usedBytes()).isEqualTo(model.used).isLessThanOrEqualTo(maxBytes);
      for (int any = 0; any < SHARDS; any++) {
        assertThat(numbers(windows[any], windows[any].firstEvent(), next[any] - 1))
            .isEqualTo(model.events(any));
      }
    }
  }

  @Property
  void readsAreContiguousAndWithinTheirBounds(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 4000) int windowBytes,
      @ForAll @IntRange(min = 1, max = 2000) int maxBytes) {
    Random random = new Random(seed);
    Window window = new Window(new WindowBudget(windowBytes), 1);
    int events = random.nextInt(60);
    for (int event = 1; event <= events; event++) {
      window.add(frame(event, random.nextInt(200)));
    }
    long from = random.nextInt(70);
    long last = random.nextInt(70);

    List<Frame> frames = window.from(from, last, maxBytes);

    long first = window.firstEvent();
    boolean inWindow = from >= first && from <= events && from <= last;
    assertThat(frames.isEmpty()).isEqualTo(!inWindow);
    long bytes = 0;
    for (int i = 0; i < frames.size(); i++) {
      assertThat(frames.get(i).header().eventNumber())
          .isEqualTo(from + i)
          .isLessThanOrEqualTo(last);
      // Each but the first was taken because there was still room.
      assertThat(bytes).isLessThan(maxBytes);
      bytes += frames.get(i).bytes().length;
    }
    if (inWindow) {
      long end = from + frames.size();
      assertThat(bytes >= maxBytes || end > last || end > events).isTrue();
    }
  }

  /** Readers ask for the records of any event; what that costs is counted, and given back. */
  @Property
  void recordsAreSharedWhileTheyAreNewAndCountInTheBudget(
      @ForAll long seed, @ForAll @IntRange(min = 0, max = 60_000) int maxBytes) {
    Random random = new Random(seed);
    WindowBudget budget = new WindowBudget(maxBytes);
    Window window = new Window(budget, 1);
    Map<Long, DecodedBatch> shared = new HashMap<>();
    for (int event = 1; event <= 150; event++) {
      window.add(batch(event, 1 + random.nextInt(5)));
      for (int read = random.nextInt(4); read > 0; read--) {
        long from = Math.max(1, event - random.nextInt(80));
        for (Frame frame : window.from(from, event, 500)) {
          long number = frame.header().eventNumber();
          Optional<DecodedBatch> records = window.share(frame, IDENTITY);
          boolean stillHeld = number >= window.firstEvent();
          assertThat(records.isPresent() || !stillHeld)
              .isEqualTo(!stillHeld || number > event - Window.LIVE_EVENTS);
          if (stillHeld && records.isPresent()) {
            DecodedBatch first = shared.putIfAbsent(number, records.get());
            assertThat(first == null || first == records.get()).isTrue();
          }
        }
      }
      assertThat(budget.usedBytes()).isLessThanOrEqualTo(maxBytes);
      assertThat(budget.usedBytes()).isEqualTo(weight(window, event, shared));
    }
    window.restart(1);
    assertThat(budget.usedBytes()).isZero();
  }

  private static long weight(Window window, long last, Map<Long, DecodedBatch> shared) {
    long bytes = 0;
    for (Frame frame : window.from(window.firstEvent(), last, Long.MAX_VALUE)) {
      long number = frame.header().eventNumber();
      bytes += frame.bytes().length;
      if (number > last - Window.LIVE_EVENTS && shared.containsKey(number)) {
        bytes += shared.get(number).bytes();
      }
    }
    return bytes;
  }

  @Example
  void refusesAnEventThatIsNotNext() {
    Window window = new Window(new WindowBudget(1000), 5);
    window.add(frame(5, 1));

    assertThatThrownBy(() -> window.add(frame(7, 1))).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> window.add(frame(5, 1))).isInstanceOf(IllegalStateException.class);
  }

  @Example
  void refusesNegativeBudget() {
    assertThatThrownBy(() -> new WindowBudget(-1)).isInstanceOf(IllegalArgumentException.class);
  }

  /** Writers of several shards add, one of them restarts, readers read: nothing is ever torn. */
  @Example
  void staysWholeUnderConcurrentUse() throws Exception {
    int maxBytes = 20_000;
    int eventsPerShard = 4_000;
    WindowBudget budget = new WindowBudget(maxBytes);
    Window[] windows = new Window[SHARDS];
    AtomicLong[] published = new AtomicLong[SHARDS];
    for (int shard = 0; shard < SHARDS; shard++) {
      windows[shard] = new Window(budget, 1);
      published[shard] = new AtomicLong();
    }
    CountDownLatch writersDone = new CountDownLatch(SHARDS);
    ExecutorService threads = Executors.newFixedThreadPool(SHARDS + 2);
    List<Future<?>> tasks = new ArrayList<>();
    for (int shard = 0; shard < SHARDS; shard++) {
      int mine = shard;
      tasks.add(
          threads.submit(
              () -> {
                for (int event = 1; event <= eventsPerShard; event++) {
                  if (mine == 0 && event % 500 == 0) {
                    windows[mine].restart(event);
                  }
                  windows[mine].add(frame(event, event % 90));
                  published[mine].set(event);
                  // The bound holds after each add: what others add meanwhile they evict again.
                  assertThat(budget.usedBytes()).isLessThanOrEqualTo(maxBytes);
                }
                writersDone.countDown();
                return null;
              }));
    }
    for (int reader = 0; reader < 2; reader++) {
      int seed = reader;
      tasks.add(
          threads.submit(
              () -> {
                Random random = new Random(seed);
                while (writersDone.getCount() > 0) {
                  int shard = random.nextInt(SHARDS);
                  long last = published[shard].get();
                  long from = Math.max(1, last - random.nextInt(100));
                  List<Frame> frames = windows[shard].from(from, last, 5_000);
                  for (int i = 0; i < frames.size(); i++) {
                    Frame frame = frames.get(i);
                    assertThat(frame.header().eventNumber()).isEqualTo(from + i);
                    frame.verifyBody();
                  }
                }
                return null;
              }));
    }
    for (Future<?> task : tasks) {
      task.get(60, TimeUnit.SECONDS);
    }
    threads.shutdown();

    long held = 0;
    for (int shard = 0; shard < SHARDS; shard++) {
      for (Frame frame :
          windows[shard].from(windows[shard].firstEvent(), eventsPerShard, Long.MAX_VALUE)) {
        held += frame.bytes().length;
      }
    }
    assertThat(held).isEqualTo(budget.usedBytes()).isPositive();
    for (int shard = 0; shard < SHARDS; shard++) {
      windows[shard].restart(1);
    }
    assertThat(budget.usedBytes()).isZero();
  }

  private static Frame batch(long event, int records) {
    return RecordBatch.encode(
        Collections.nCopies(records, new TestEntry("key", Payload.utf8("data " + event))),
        ProducerNotes.NONE,
        event,
        0,
        0);
  }

  private static Frame frame(long event, int bodyBytes) {
    return Frame.of((byte) 9, event, 0, 0, new byte[bodyBytes]);
  }

  private static List<Long> numbers(Window window, long from, long last) {
    return window.from(from, last, Long.MAX_VALUE).stream()
        .map(frame -> frame.header().eventNumber())
        .toList();
  }
}
