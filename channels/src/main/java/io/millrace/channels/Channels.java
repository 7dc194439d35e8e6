package io.millrace.channels;

import io.millrace.channels.directory.ChannelHouse;
import io.millrace.engine.ChannelClient;
import io.millrace.engine.Consumers;
import io.millrace.engine.Millrace;
import io.millrace.fanout.FanOut;

/**
 * The channels of an engine: each delivers what is put into one on-demand stream, from its creation
 * on, as objects in a directory that stands for a bucket. Records are delivered at least once,
 * those of a shard in order; a file appears when it is complete and durable.
 *
 * <p>Channels outlive the engine and go on where they were as soon as {@link #of} is called on it
 * the next time; until then none delivers, and the engine does not know of any.
 */
public final class Channels {

  private Channels() {}

  /**
   * The channels of an engine, which deliver from the first call on. That one blocks until they are
   * known. Safe for any thread.
   *
   * @throws io.millrace.engine.api.EngineClosedException when the engine is closing
   */
  public static ChannelClient of(Millrace millrace) {
    Consumers consumers = Consumers.of(millrace);
    FanOut fanOut = FanOut.of(millrace);
    return millrace.extension(
        ChannelClient.class, inside -> ChannelHouse.open(inside, consumers, fanOut.retrieval()));
  }
}
