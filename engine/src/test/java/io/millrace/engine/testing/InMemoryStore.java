package io.millrace.engine.testing;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigValueFactory;
import io.millrace.engine.storage.JournalRow;
import io.millrace.engine.storage.StorageException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * What a storage in memory keeps, as serialized bytes: it outlives the engines that open it under
 * its name, one after the other. A test also commands its failures here: see {@link #fail}, {@link
 * #hold}, {@link #count} and {@link #setAvailable}. Safe for any thread.
 */
public final class InMemoryStore {

  private static final ConcurrentHashMap<String, InMemoryStore> STORES = new ConcurrentHashMap<>();
  private static final int PATIENCE_SECONDS = 30;

  private final String name;
  private final AtomicReference<InMemoryStorage> owner = new AtomicReference<>();
  private final ConcurrentHashMap<String, NavigableMap<Long, StoredEvent>> journals =
      new ConcurrentHashMap<>();
  private final ConcurrentHashMap<String, NavigableMap<Long, StoredSnapshot>> snapshots =
      new ConcurrentHashMap<>();
  private final Map<StorageStep, AtomicLong> counts = new EnumMap<>(StorageStep.class);
  private final Map<StorageStep, Hold> holds = new ConcurrentHashMap<>();
  private final List<Fault> faults = new ArrayList<>();
  private final AtomicLong stepsUntilEvent = new AtomicLong(-1);
  private volatile Runnable event = () -> {};
  private volatile boolean available = true;

  /** An event as it is kept. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record StoredEvent(
      int serializer, String manifest, byte[] bytes, String writer, String adapterManifest) {}

  /** A snapshot as it is kept. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record StoredSnapshot(int serializer, String manifest, byte[] bytes, long timestamp) {}

  private record Fault(StorageStep step, String persistenceIdPrefix, RuntimeException failure) {}

  /** A failure of a write that certainly left nothing behind, like that of an open breaker. */
  public static final class ProvenNotWritten extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ProvenNotWritten() {
      super("the storage took nothing: told to by a test");
    }
  }

  /** A failure of which nobody knows what it left behind. */
  public static final class StorageFailed extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StorageFailed() {
      super("the storage failed: told to by a test");
    }
  }

  /** A gate in front of a step: whoever comes waits until the test lets everybody pass. */
  public final class Hold implements AutoCloseable {

    private final StorageStep step;
    private final CountDownLatch reached = new CountDownLatch(1);
    private final AtomicLong arrivals = new AtomicLong();
    private final CompletableFuture<Void> open = new CompletableFuture<>();

    private Hold(StorageStep step) {
      this.step = step;
    }

    /** Waits until somebody waits at the gate. */
    public void awaitReached() {
      try {
        if (!reached.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
          throw new AssertionError("nobody came to " + step);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new AssertionError(e);
      }
    }

    /** How many have come so far. */
    public long arrivals() {
      return arrivals.get();
    }

    /** Lets pass who waits and who comes later. */
    public void release() {
      holds.remove(step, this);
      open.complete(null);
    }

    /** The same as {@link #release}. */
    @Override
    public void close() {
      release();
    }

    private CompletableFuture<Void> arrive() {
      arrivals.incrementAndGet();
      reached.countDown();
      return open;
    }
  }

  private InMemoryStore(String name) {
    this.name = name;
    for (StorageStep step : StorageStep.values()) {
      counts.put(step, new AtomicLong());
    }
  }

  /** The store of this name, empty when it is named for the first time. */
  public static InMemoryStore named(String name) {
    return STORES.computeIfAbsent(name, InMemoryStore::new);
  }

  /** An empty store that no one else has. */
  public static InMemoryStore fresh() {
    return named("store-" + UUID.randomUUID());
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** Settings with which an engine opens this store. */
  public Config config() {
    return ConfigFactory.empty()
        .withValue(
            "millrace.storage.provider",
            ConfigValueFactory.fromAnyRef(InMemoryStorageProvider.class.getName()))
        .withValue(
            "millrace." + InMemoryStorageProvider.NAME_KEY, ConfigValueFactory.fromAnyRef(name));
  }

  /**
   * Opens it.
   *
   * @throws StorageException while it is open already, or is made unavailable
   */
  public InMemoryStorage open() {
    if (!available) {
      throw new StorageException(StorageException.Reason.UNAVAILABLE, name + " is unavailable");
    }
    InMemoryStorage storage = new InMemoryStorage(this);
    if (!owner.compareAndSet(null, storage)) {
      storage.discard();
      throw new StorageException(
          StorageException.Reason.IN_USE, name + " is open in another engine");
    }
    return storage;
  }

  void closed(InMemoryStorage storage) {
    owner.compareAndSet(storage, null);
  }

  /** Forgets the store and all it holds. */
  public void forget() {
    STORES.remove(name, this);
  }

  // faults

  /** The next such step of any actor fails. Calling it twice fails the next two. */
  public void fail(StorageStep step, RuntimeException failure) {
    fail(step, "", failure);
  }

  /** The next such step of an actor whose persistence id starts so fails. */
  public void fail(StorageStep step, String persistenceIdPrefix, RuntimeException failure) {
    synchronized (faults) {
      faults.add(new Fault(step, persistenceIdPrefix, failure));
    }
  }

  /** The step of any kind and actor that comes after so many others fails. */
  public void failAfter(int steps) {
    after(
        steps,
        () -> {
          throw new StorageFailed();
        });
  }

  /** After so many further steps of any kind and actor it is unavailable. */
  public void breakAfter(int steps) {
    after(steps, () -> available = false);
  }

  private void after(int steps, Runnable next) {
    event = next;
    stepsUntilEvent.set(steps);
  }

  /** Whether what {@link #failAfter} or {@link #breakAfter} ordered has not yet come about. */
  public boolean isFaultAhead() {
    return stepsUntilEvent.get() >= 0;
  }

  /** Forgets what {@link #failAfter} or {@link #breakAfter} ordered. */
  public void forgetFaultAhead() {
    stepsUntilEvent.set(-1);
  }

  /**
   * Puts a gate in front of a step. It takes the place of an earlier one, which still holds those
   * who came to it. A fault ordered while somebody is held meets them when they pass.
   */
  public Hold hold(StorageStep step) {
    Hold hold = new Hold(step);
    holds.put(step, hold);
    return hold;
  }

  /** While it is unavailable every step fails, and it cannot be opened. */
  public void setAvailable(boolean isAvailable) {
    available = isAvailable;
  }

  /** How often this step was begun, held and failed ones included. */
  public long count(StorageStep step) {
    return counts.get(step).get();
  }

  /** Completes when the step may be done; fails as the test has ordered. */
  CompletableFuture<Void> pass(StorageStep step, String persistenceId) {
    counts.get(step).incrementAndGet();
    Hold hold = holds.get(step);
    CompletableFuture<Void> held =
        hold == null ? CompletableFuture.completedFuture(null) : hold.arrive();
    return held.thenRun(() -> failIfTold(step, persistenceId));
  }

  private void failIfTold(StorageStep step, String persistenceId) {
    Optional<Fault> fault;
    synchronized (faults) {
      fault =
          faults.stream()
              .filter(f -> f.step() == step && persistenceId.startsWith(f.persistenceIdPrefix()))
              .findFirst();
      fault.ifPresent(faults::remove);
    }
    if (fault.isPresent()) {
      throw fault.get().failure();
    }
    if (isFaultAhead() && stepsUntilEvent.getAndDecrement() == 0) {
      event.run();
    }
    if (!available) {
      throw new StorageException(StorageException.Reason.UNAVAILABLE, name + " is unavailable");
    }
  }

  // what is stored

  /** Who has anything stored. */
  public Set<String> persistenceIds() {
    Set<String> ids = new TreeSet<>();
    journals.forEach((id, rows) -> addIf(!rows.isEmpty(), ids, id));
    snapshots.forEach((id, rows) -> addIf(!rows.isEmpty(), ids, id));
    return ids;
  }

  private static void addIf(boolean condition, Set<String> ids, String id) {
    if (condition) {
      ids.add(id);
    }
  }

  /** The numbers of the events that are stored, ascending. */
  public List<Long> eventNumbers(String persistenceId) {
    return List.copyOf(events(persistenceId).keySet());
  }

  /** The numbers of the events at which snapshots are stored, ascending. */
  public List<Long> snapshotNumbers(String persistenceId) {
    return List.copyOf(snapshots(persistenceId).keySet());
  }

  /** The events that are stored, ascending; copies. */
  public List<JournalRow> rows(String persistenceId) {
    return events(persistenceId).entrySet().stream()
        .map(row -> new JournalRow(row.getKey(), row.getValue().bytes().clone()))
        .toList();
  }

  /** The manifest under which an event is stored. */
  public String manifest(String persistenceId, long eventNumber) {
    return event(persistenceId, eventNumber).manifest();
  }

  /** Changes one byte of a stored event; a negative index counts from its end. */
  public void corruptEvent(String persistenceId, long eventNumber, int index) {
    StoredEvent event = event(persistenceId, eventNumber);
    events(persistenceId)
        .put(
            eventNumber,
            new StoredEvent(
                event.serializer(),
                event.manifest(),
                flipped(event.bytes(), index),
                event.writer(),
                event.adapterManifest()));
  }

  /** Changes one byte of every stored snapshot of an actor; a negative index counts from the end */
  public void corruptSnapshots(String persistenceId, int index) {
    snapshots(persistenceId)
        .replaceAll(
            (number, snapshot) ->
                new StoredSnapshot(
                    snapshot.serializer(),
                    snapshot.manifest(),
                    flipped(snapshot.bytes(), index),
                    snapshot.timestamp()));
  }

  /** Loses a stored event. */
  public void loseEvent(String persistenceId, long eventNumber) {
    event(persistenceId, eventNumber);
    events(persistenceId).remove(eventNumber);
  }

  private StoredEvent event(String persistenceId, long eventNumber) {
    StoredEvent event = events(persistenceId).get(eventNumber);
    if (event == null) {
      throw new AssertionError(persistenceId + " has no event " + eventNumber);
    }
    return event;
  }

  private static byte[] flipped(byte[] bytes, int index) {
    byte[] copy = Arrays.copyOf(bytes, bytes.length);
    copy[Math.floorMod(index, copy.length)] ^= 0x10;
    return copy;
  }

  NavigableMap<Long, StoredEvent> events(String persistenceId) {
    return journals.computeIfAbsent(persistenceId, id -> new ConcurrentSkipListMap<>());
  }

  NavigableMap<Long, StoredSnapshot> snapshots(String persistenceId) {
    return snapshots.computeIfAbsent(persistenceId, id -> new ConcurrentSkipListMap<>());
  }
}
