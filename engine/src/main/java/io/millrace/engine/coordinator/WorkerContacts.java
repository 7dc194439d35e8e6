package io.millrace.engine.coordinator;

import io.millrace.engine.coordinator.CoordinatorMessage.Heartbeat;
import io.millrace.engine.coordinator.CoordinatorMessage.HeartbeatReply;
import io.millrace.engine.coordinator.CoordinatorMessage.Orders;
import io.millrace.engine.coordinator.CoordinatorMessage.TurnedAway;
import java.util.HashMap;
import java.util.Map;
import org.apache.pekko.actor.typed.ActorRef;

/**
 * How a coordinator reaches the workers of its application. Nothing of it is stored: each is
 * learned again from its next heartbeat. Used by one actor.
 */
final class WorkerContacts {

  private final Map<WorkerIdentity, Contact> contacts = new HashMap<>();

  /** How to reach a worker, and the newest heartbeat that was heard of it. */
  private record Contact(ActorRef<HeartbeatReply> worker, long beat) {

    void tellOrders(CoordinatorState state, WorkerIdentity identity) {
      worker.tell(new Orders(state.revision(), beat, Coordination.grants(state, identity)));
    }
  }

  /** A worker is there. */
  void heard(Heartbeat heartbeat) {
    contacts.put(heartbeat.worker(), new Contact(heartbeat.replyTo(), heartbeat.beat()));
  }

  /** A worker is gone. */
  void left(WorkerIdentity worker) {
    contacts.remove(worker);
  }

  /** Those who are no workers any more are not reached. */
  void keepOnly(Roster roster) {
    contacts.keySet().removeIf(worker -> !roster.has(worker));
  }

  /** Nobody has been heard of. */
  void clear() {
    contacts.clear();
  }

  /** Tells a worker which leases it has, if it can be reached. */
  void tellOrders(CoordinatorState state, WorkerIdentity worker) {
    Contact contact = contacts.get(worker);
    if (contact != null) {
      contact.tellOrders(state, worker);
    }
  }

  /** Tells every worker which leases it has. */
  void tellOrders(CoordinatorState state) {
    contacts.forEach((worker, contact) -> contact.tellOrders(state, worker));
  }

  /** Tells every worker that it is none. */
  void turnAway(TurnedAway why) {
    contacts.values().forEach(contact -> contact.worker().tell(why));
  }
}
