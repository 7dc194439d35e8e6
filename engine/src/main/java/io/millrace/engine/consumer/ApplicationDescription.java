package io.millrace.engine.consumer;

import io.millrace.engine.coordinator.CoordinatorMessage.Standing;
import io.millrace.engine.coordinator.CoordinatorState.Binding;
import io.millrace.engine.coordinator.Lease;
import io.millrace.engine.coordinator.ShardPositions;
import io.millrace.engine.coordinator.ShardPositions.Lag;
import io.millrace.engine.coordinator.WorkerIdentity;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.stream.StreamView;
import io.millrace.engine.stream.StreamViews;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * How an application stands.
 *
 * @param stream what it consumes; empty when nobody has worked for it
 * @param workerIds its workers, by id
 * @param leases its leases, by shard
 */
public record ApplicationDescription(
    Optional<StreamName> stream, List<String> workerIds, List<LeaseDescription> leases) {

  /**
   * One of its leases.
   *
   * @param shardId the shard
   * @param workerId who has it
   * @param epoch which ownership it is; 0 when nobody has had it yet
   * @param checkpoint how far it is finished
   * @param ownerSwitches how often it changed hands since its newest checkpoint
   * @param lagRecords how many records are not finished, an aggregated one counted once; empty when
   *     the shard did not answer
   * @param lagMillis age of the first record that is not finished, milliseconds; 0 when there is
   *     none
   */
  public record LeaseDescription(
      ShardId shardId,
      Optional<String> workerId,
      long epoch,
      CheckpointPosition checkpoint,
      int ownerSwitches,
      OptionalLong lagRecords,
      OptionalLong lagMillis) {}

  public ApplicationDescription {
    workerIds = List.copyOf(workerIds);
    leases = List.copyOf(leases);
  }

  /** Asks the shards what is left to do. */
  public static CompletionStage<ApplicationDescription> of(
      Standing standing, StreamViews views, ShardPositions positions) {
    Optional<StreamView> stream =
        standing
            .binding()
            .flatMap(
                bound ->
                    views
                        .find(bound.stream())
                        .filter(view -> view.incarnation() == bound.incarnation()));
    CompletionStage<List<LeaseDescription>> leases =
        CompletableFuture.completedStage(new ArrayList<>());
    for (Lease lease : standing.leases()) {
      CompletionStage<Optional<Lag>> lag =
          stream
              .map(
                  view ->
                      positions
                          .lag(view, lease.shardId(), lease.checkpoint())
                          .<Optional<Lag>>handle((known, failure) -> Optional.ofNullable(known)))
              .orElseGet(() -> CompletableFuture.completedStage(Optional.empty()));
      leases =
          leases.thenCombine(
              lag,
              (sofar, known) -> {
                sofar.add(describe(lease, known));
                return sofar;
              });
    }
    return leases.thenApply(
        described ->
            new ApplicationDescription(
                standing.binding().map(Binding::stream), standing.workerIds(), described));
  }

  private static LeaseDescription describe(Lease lease, Optional<Lag> lag) {
    return new LeaseDescription(
        lease.shardId(),
        lease.owner().map(WorkerIdentity::workerId),
        lease.epoch(),
        lease.checkpoint(),
        lease.ownerSwitches(),
        lag.stream().mapToLong(Lag::records).findFirst(),
        lag.stream().mapToLong(Lag::millis).findFirst());
  }
}
