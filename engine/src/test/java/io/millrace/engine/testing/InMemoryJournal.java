package io.millrace.engine.testing;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore.StoredEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.persistence.AtomicWrite;
import org.apache.pekko.persistence.PersistentRepr;
import org.apache.pekko.persistence.journal.japi.AsyncWriteJournal;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import scala.concurrent.Future;
import scala.jdk.javaapi.CollectionConverters;
import scala.jdk.javaapi.FutureConverters;

/**
 * The journal plug-in of an {@link InMemoryStorage}. Like a database it keeps bytes, refuses a
 * number that is taken, and remembers of deleted events not even their numbers.
 */
public final class InMemoryJournal extends AsyncWriteJournal {

  private final String storageId;
  private final Serialization serialization;

  /** Made by Pekko. */
  public InMemoryJournal(Config config) {
    storageId = config.getString("storage-id");
    serialization = SerializationExtension.get(context().system());
  }

  private record Write(String persistenceId, long eventNumber, StoredEvent event) {}

  @Override
  public Future<Iterable<Optional<Exception>>> doAsyncWriteMessages(
      Iterable<AtomicWrite> messages) {
    return future(
        storage -> {
          List<Write> writes = new ArrayList<>();
          List<Optional<Exception>> accepted = new ArrayList<>();
          for (AtomicWrite message : messages) {
            for (PersistentRepr event : CollectionConverters.asJava(message.payload())) {
              writes.add(write(event));
            }
            accepted.add(Optional.empty());
          }
          String persistenceId = writes.get(0).persistenceId();
          return storage
              .run(StorageStep.WRITE, persistenceId, () -> store(storage.store(), writes))
              .thenCompose(
                  stored -> storage.run(StorageStep.ACKNOWLEDGE, persistenceId, () -> accepted));
        });
  }

  private Write write(PersistentRepr event) {
    Object payload = event.payload();
    Serializer serializer = serialization.findSerializerFor(payload);
    StoredEvent stored =
        new StoredEvent(
            serializer.identifier(),
            Serializers.manifestFor(serializer, payload),
            serialization.serialize(payload).get().clone(),
            event.writerUuid(),
            event.manifest());
    return new Write(event.persistenceId(), event.sequenceNr(), stored);
  }

  private static boolean store(InMemoryStore store, List<Write> writes) {
    for (Write write : writes) {
      StoredEvent before =
          store.events(write.persistenceId()).putIfAbsent(write.eventNumber(), write.event());
      if (before != null) {
        throw new IllegalStateException(
            "duplicate key: " + write.persistenceId() + ", event " + write.eventNumber());
      }
    }
    return true;
  }

  @Override
  public Future<Void> doAsyncReplayMessages(
      String persistenceId,
      long fromSequenceNr,
      long toSequenceNr,
      long max,
      Consumer<PersistentRepr> replayCallback) {
    return future(
        storage ->
            storage.run(
                StorageStep.REPLAY,
                persistenceId,
                () -> {
                  NavigableMap<Long, StoredEvent> events =
                      storage
                          .store()
                          .events(persistenceId)
                          .subMap(fromSequenceNr, true, toSequenceNr, true);
                  events.entrySet().stream()
                      .limit(max)
                      .forEach(row -> replayCallback.accept(event(persistenceId, row)));
                  return null;
                }));
  }

  private PersistentRepr event(String persistenceId, Map.Entry<Long, StoredEvent> row) {
    StoredEvent stored = row.getValue();
    Object payload =
        serialization
            .deserialize(stored.bytes().clone(), stored.serializer(), stored.manifest())
            .get();
    return PersistentRepr.apply(
        payload,
        row.getKey(),
        persistenceId,
        stored.adapterManifest(),
        false,
        ActorRef.noSender(),
        stored.writer());
  }

  @Override
  public Future<Long> doAsyncReadHighestSequenceNr(String persistenceId, long fromSequenceNr) {
    return future(
        storage -> {
          NavigableMap<Long, StoredEvent> events = storage.store().events(persistenceId);
          return CompletableFuture.completedFuture(events.isEmpty() ? 0L : events.lastKey());
        });
  }

  @Override
  public Future<Void> doAsyncDeleteMessagesTo(String persistenceId, long toSequenceNr) {
    return future(
        storage ->
            storage.run(
                StorageStep.DELETE_EVENTS,
                persistenceId,
                () -> {
                  storage.store().events(persistenceId).headMap(toSequenceNr, true).clear();
                  return null;
                }));
  }

  private <T> Future<T> future(Function<InMemoryStorage, CompletableFuture<T>> work) {
    return future(storageId, work);
  }

  static <T> Future<T> future(
      String storageId, Function<InMemoryStorage, CompletableFuture<T>> work) {
    try {
      return FutureConverters.asScala(work.apply(InMemoryStorage.opened(storageId)));
    } catch (RuntimeException failure) {
      return FutureConverters.asScala(CompletableFuture.failedFuture(failure));
    }
  }
}
