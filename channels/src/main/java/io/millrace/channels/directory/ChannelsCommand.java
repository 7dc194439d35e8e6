package io.millrace.channels.directory;

import io.millrace.engine.api.UpdateChannelRequest;
import io.millrace.engine.consumer.Worker;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.pekko.actor.typed.ActorRef;

/** What the channels of an engine understand. */
sealed interface ChannelsCommand {

  /** A request; it is answered. */
  sealed interface Request extends ChannelsCommand {

    /** Who is answered. */
    ActorRef<ChannelsReply> replyTo();
  }

  /**
   * Answered with the channel, once it is stored; refused when its name is taken, and over quotas.
   */
  record Create(Channel channel, ActorRef<ChannelsReply> replyTo) implements Request {}

  /** Answered with the channel, once it is stored; refused unless it is ACTIVE. */
  record Update(UpdateChannelRequest request, ActorRef<ChannelsReply> replyTo) implements Request {}

  /** Answered with the channel, once it is stored, and also while it is being deleted. */
  record Delete(String arn, ActorRef<ChannelsReply> replyTo) implements Request {}

  /**
   * Answered with the channel, once it is stored; refused over the quota, or while it is deleted.
   */
  record ChangeTags(
      String arn, UnaryOperator<Map<String, String>> change, ActorRef<ChannelsReply> replyTo)
      implements Request {}

  /** An update is in force. */
  record Applied(String id) implements ChannelsCommand {}

  /** A channel cannot deliver any more. */
  record Fail(String id, String reason) implements ChannelsCommand {}

  /** A worker is there, or could not be started. */
  record WorkerStarted(String id, Optional<Worker> worker, Optional<String> problem)
      implements ChannelsCommand {}

  /** A worker has taken up its work, or was turned away, and then it stops. */
  record WorkerJoined(String id, Worker worker, Optional<String> problem)
      implements ChannelsCommand {}

  /** A worker has stopped, for whatever reason. */
  record WorkerStopped(String id, Worker worker) implements ChannelsCommand {}

  /** The position of a channel is forgotten, or could not be. */
  record PositionForgotten(String id, Optional<String> problem) implements ChannelsCommand {}

  /** What failed may be tried again. */
  record TryAgain(String id) implements ChannelsCommand {}
}
