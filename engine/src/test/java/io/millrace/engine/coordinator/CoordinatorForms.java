package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorEvent.LeasesCreated.Created;
import io.millrace.engine.model.CheckpointPosition;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** An example of everything that is stored of applications. */
final class CoordinatorForms {

  static final StreamName ORDERS = new StreamName("orders");
  static final ShardId ZERO = new ShardId(0);
  static final ShardId ONE = new ShardId(1);
  static final ShardId TWO = new ShardId(2);
  static final WorkerIdentity ALICE = new WorkerIdentity("alice", "6f1c9c1e");
  static final SequenceNumber NUMBER =
      new SequenceNumber(1_700_000_000L, SequenceNumber.counter(7, 3), 1_700_000_100L, 0);

  private CoordinatorForms() {}

  static Map<String, Object> all() {
    CheckpointPosition atTime =
        CheckpointPosition.atTimestamp(Instant.ofEpochMilli(1_700_000_000_123L));
    CheckpointPosition inside = CheckpointPosition.after(NUMBER, 4);
    Payload state = Payload.utf8("state");
    CoordinatorEvent bound = new CoordinatorEvent.ApplicationBound(ORDERS, 7, atTime);
    CoordinatorEvent created =
        new CoordinatorEvent.LeasesCreated(
            List.of(
                new Created(ZERO, List.of(), CheckpointPosition.TRIM_HORIZON),
                new Created(ONE, List.of(), CheckpointPosition.LATEST),
                new Created(TWO, List.of(ZERO, ONE), atTime)));
    CoordinatorEvent fixed =
        new CoordinatorEvent.LatestFixed(ONE, CheckpointPosition.after(NUMBER));
    CoordinatorEvent assigned =
        new CoordinatorEvent.LeasesAssigned(
            List.of(new CoordinatorEvent.LeasesAssigned.Assigned(ZERO, ALICE, 5_000_000_000L)));
    CoordinatorEvent begun =
        new CoordinatorEvent.HandOffsBegun(
            List.of(new CoordinatorEvent.HandOffsBegun.HandOff(ZERO, "bob")));
    CoordinatorEvent written =
        new CoordinatorEvent.CheckpointsWritten(
            List.of(
                new CoordinatorEvent.CheckpointsWritten.Written(ZERO, inside, Optional.of(state)),
                new CoordinatorEvent.CheckpointsWritten.Written(
                    ONE, CheckpointPosition.SHARD_END, Optional.empty())));
    CoordinatorEvent prepared = new CoordinatorEvent.CheckpointPrepared(ZERO, inside, state);
    Map<String, Object> forms = new LinkedHashMap<>();
    forms.put("coordinator.application-bound.v1", bound);
    forms.put("coordinator.leases-created.v1", created);
    forms.put("coordinator.latest-fixed.v1", fixed);
    forms.put("coordinator.leases-assigned.v1", assigned);
    forms.put("coordinator.hand-offs-begun.v1", begun);
    forms.put(
        "coordinator.leases-released.v1",
        new CoordinatorEvent.LeasesReleased(
            List.of(ZERO, ONE), CoordinatorEvent.LeasesReleased.Cause.STALLED));
    forms.put("coordinator.checkpoints-written.v1", written);
    forms.put("coordinator.checkpoint-prepared.v1", prepared);
    forms.put("coordinator.leases-removed.v1", new CoordinatorEvent.LeasesRemoved(List.of(ONE)));
    forms.put("coordinator.application-deleted.v1", new CoordinatorEvent.ApplicationDeleted());
    forms.put(
        "coordinator.state.v1",
        CoordinatorState.EMPTY.applyAll(
            List.of(bound, created, fixed, assigned, begun, written, prepared)));
    return forms;
  }

  /** The bytes that the release which introduced this manifest wrote for its example. */
  static byte[] golden(String manifest) throws IOException {
    try (InputStream file =
        CoordinatorForms.class.getResourceAsStream("stored/" + manifest + ".hex")) {
      if (file == null) {
        throw new IOException("no stored bytes for " + manifest);
      }
      String hex = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
      return HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    }
  }
}
