package io.millrace.channels.directory;

import io.millrace.channels.directory.ChannelEvent.ChannelActivated;
import io.millrace.channels.directory.ChannelEvent.ChannelCreated;
import io.millrace.channels.directory.ChannelEvent.ChannelDeleted;
import io.millrace.channels.directory.ChannelEvent.ChannelDeletionStarted;
import io.millrace.channels.directory.ChannelEvent.ChannelFailed;
import io.millrace.channels.directory.ChannelEvent.ChannelTagged;
import io.millrace.channels.directory.ChannelEvent.ChannelUpdated;
import io.millrace.engine.model.ChannelStatus;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/**
 * The channels of an engine, as their events made them.
 *
 * @param channels by name; unmodifiable, no more than the quota
 */
public record ChannelsState(SortedMap<String, Channel> channels) {

  static final ChannelsState EMPTY = new ChannelsState(new TreeMap<>());

  public ChannelsState {
    channels = Collections.unmodifiableSortedMap(new TreeMap<>(channels));
  }

  Optional<Channel> named(String name) {
    return Optional.ofNullable(channels.get(name));
  }

  /** The channel of this id. */
  Optional<Channel> withId(String id) {
    return channels.values().stream().filter(channel -> channel.id().equals(id)).findFirst();
  }

  /** The channel of this ARN; another one of its name is not meant. */
  Optional<Channel> withArn(String arn) {
    return channels.values().stream()
        .filter(channel -> channel.arn().toString().equals(arn))
        .findFirst();
  }

  /** The channels that read the same life of a stream as this one and have not failed. */
  List<Channel> besides(Channel other) {
    return channels.values().stream()
        .filter(channel -> channel.status() != ChannelStatus.FAILED)
        .filter(channel -> channel.stream().equals(other.stream()))
        .filter(channel -> channel.incarnation() == other.incarnation())
        .toList();
  }

  ChannelsState apply(ChannelEvent event) {
    if (event instanceof ChannelCreated created) {
      return with(created.channel());
    }
    if (event instanceof ChannelActivated) {
      return changed(event, channel -> channel.in(ChannelStatus.ACTIVE, Optional.empty()));
    }
    if (event instanceof ChannelUpdated updated) {
      return changed(
          event, channel -> channel.updating(updated.freshnessSeconds(), updated.logs()));
    }
    if (event instanceof ChannelTagged tagged) {
      return changed(event, channel -> channel.tagged(tagged.tags()));
    }
    if (event instanceof ChannelFailed failed) {
      return changed(
          event, channel -> channel.in(ChannelStatus.FAILED, Optional.of(failed.reason())));
    }
    if (event instanceof ChannelDeletionStarted) {
      return changed(event, channel -> channel.in(ChannelStatus.DELETING, Optional.empty()));
    }
    if (event instanceof ChannelDeleted deleted) {
      SortedMap<String, Channel> rest = new TreeMap<>(channels);
      rest.remove(deleted.name());
      return new ChannelsState(rest);
    }
    throw new IllegalStateException("no transition for " + event.getClass().getName());
  }

  private ChannelsState changed(ChannelEvent event, UnaryOperator<Channel> change) {
    return with(change.apply(named(event.name()).orElseThrow()));
  }

  private ChannelsState with(Channel channel) {
    SortedMap<String, Channel> next = new TreeMap<>(channels);
    next.put(channel.name(), channel);
    return new ChannelsState(next);
  }
}
