package io.millrace.engine;

import com.typesafe.config.Config;
import io.millrace.engine.consumer.RecordReader;
import io.millrace.engine.encryption.DataKeys;
import io.millrace.engine.internal.Asks;
import io.millrace.engine.internal.CallRates;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.metrics.EngineMetrics;
import io.millrace.engine.model.EngineClock;
import io.millrace.engine.storage.JournalPlugin;
import io.millrace.engine.storage.JournalTrimmer;
import io.millrace.engine.stream.AccountChannels;
import io.millrace.engine.stream.StreamLookup;
import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/**
 * What modules that are built upon the engine see of its inside. Not for applications: it may
 * change at any time.
 *
 * @param system what everything runs on
 * @param client the operations of the API
 * @param streams the streams as this process knows them
 * @param reads the way to the records
 * @param callRates how often operations may be called
 * @param clock the engine's time
 * @param plugin where persistent actors keep their events
 * @param trimmer deletes events of persistent actors
 * @param settings the section {@code millrace} of the engine's settings
 * @param metrics counts what happens
 * @param seal what makes tokens opaque
 * @param keys the data keys, under the master keys that there are
 * @param channels the account's channels, put there by whoever delivers them
 * @param guests takes actors into the engine; they stop first when it closes
 */
public record EngineInside(
    ActorSystem<?> system,
    StreamClient client,
    StreamLookup streams,
    RecordReader reads,
    CallRates callRates,
    EngineClock clock,
    JournalPlugin plugin,
    JournalTrimmer trimmer,
    Config settings,
    EngineMetrics metrics,
    SealedToken seal,
    DataKeys keys,
    AtomicReference<AccountChannels> channels,
    Guests guests) {

  /**
   * Asks an actor. What depends on the answer runs where it arrives, on the system's default
   * dispatcher, and must not block.
   *
   * @param message makes the message, given who waits for the answer
   * @return the answer; fails with {@link java.util.concurrent.TimeoutException} when none comes in
   *     time, and then nobody knows whether the message was acted upon
   */
  public <M, R> CompletionStage<R> ask(
      ActorRef<M> actor, Function<ActorRef<R>, M> message, Duration timeout) {
    return Asks.ask(actor, message, timeout, system);
  }
}
