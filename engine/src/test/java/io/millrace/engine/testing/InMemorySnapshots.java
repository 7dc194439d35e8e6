package io.millrace.engine.testing;

import com.typesafe.config.Config;
import io.millrace.engine.testing.InMemoryStore.StoredSnapshot;
import java.util.Map;
import java.util.Optional;
import org.apache.pekko.persistence.SelectedSnapshot;
import org.apache.pekko.persistence.SnapshotMetadata;
import org.apache.pekko.persistence.SnapshotSelectionCriteria;
import org.apache.pekko.persistence.snapshot.japi.SnapshotStore;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.Serializer;
import org.apache.pekko.serialization.Serializers;
import scala.concurrent.Future;

/** The snapshot plug-in of an {@link InMemoryStorage}. */
public final class InMemorySnapshots extends SnapshotStore {

  private final String storageId;
  private final Serialization serialization;

  /** Made by Pekko. */
  public InMemorySnapshots(Config config) {
    storageId = config.getString("storage-id");
    serialization = SerializationExtension.get(context().system());
  }

  @Override
  public Future<Optional<SelectedSnapshot>> doLoadAsync(
      String persistenceId, SnapshotSelectionCriteria criteria) {
    return InMemoryJournal.future(
        storageId,
        storage ->
            storage.run(
                StorageStep.LOAD_SNAPSHOT,
                persistenceId,
                () ->
                    Optional.ofNullable(
                            storage
                                .store()
                                .snapshots(persistenceId)
                                .floorEntry(criteria.maxSequenceNr()))
                        .map(row -> snapshot(persistenceId, row))));
  }

  private SelectedSnapshot snapshot(String persistenceId, Map.Entry<Long, StoredSnapshot> row) {
    StoredSnapshot stored = row.getValue();
    return SelectedSnapshot.create(
        new SnapshotMetadata(persistenceId, row.getKey(), stored.timestamp()),
        serialization
            .deserialize(stored.bytes().clone(), stored.serializer(), stored.manifest())
            .get());
  }

  @Override
  public Future<Void> doSaveAsync(SnapshotMetadata metadata, Object snapshot) {
    Serializer serializer = serialization.findSerializerFor(snapshot);
    StoredSnapshot stored =
        new StoredSnapshot(
            serializer.identifier(),
            Serializers.manifestFor(serializer, snapshot),
            serialization.serialize(snapshot).get().clone(),
            metadata.timestamp());
    return InMemoryJournal.future(
        storageId,
        storage ->
            storage.run(
                StorageStep.SAVE_SNAPSHOT,
                metadata.persistenceId(),
                () -> {
                  storage
                      .store()
                      .snapshots(metadata.persistenceId())
                      .put(metadata.sequenceNr(), stored);
                  return null;
                }));
  }

  @Override
  public Future<Void> doDeleteAsync(SnapshotMetadata metadata) {
    return InMemoryJournal.future(
        storageId,
        storage ->
            storage.run(
                StorageStep.DELETE_SNAPSHOTS,
                metadata.persistenceId(),
                () -> {
                  storage.store().snapshots(metadata.persistenceId()).remove(metadata.sequenceNr());
                  return null;
                }));
  }

  @Override
  public Future<Void> doDeleteAsync(String persistenceId, SnapshotSelectionCriteria criteria) {
    return InMemoryJournal.future(
        storageId,
        storage ->
            storage.run(
                StorageStep.DELETE_SNAPSHOTS,
                persistenceId,
                () -> {
                  storage
                      .store()
                      .snapshots(persistenceId)
                      .headMap(criteria.maxSequenceNr(), true)
                      .clear();
                  return null;
                }));
  }
}
