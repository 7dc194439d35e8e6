package io.millrace.processors.mapping;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.engine.StreamClient;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ShardId;
import io.millrace.processors.api.OnFailure;
import io.millrace.processors.event.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/** Sends notices to where mappings want them. Safe for any thread. */
public final class Destinations {

  private final StreamClient client;
  private final Executor blocking;
  private final ConcurrentMap<String, Consumer<String>> callbacks = new ConcurrentHashMap<>();
  private final Object files = new Object();

  /**
   * Destinations.
   *
   * @param blocking where files are written and callbacks are called
   */
  public Destinations(StreamClient client, Executor blocking) {
    this.client = client;
    this.blocking = blocking;
  }

  /** Registers a callback, or replaces the one of this name. */
  public void register(String name, Consumer<String> callback) {
    callbacks.put(new OnFailure.ToCallback(name).name(), callback);
  }

  /**
   * Sends a notice.
   *
   * @param shardId the shard that it is about
   * @return completes when it is there, durably where the destination is durable
   */
  CompletionStage<Void> send(OnFailure destination, ShardId shardId, JsonNode notice) {
    Payload json = Json.bytes(notice);
    if (destination instanceof OnFailure.ToStream to) {
      return client
          .putRecord(to.streamName().value(), shardId.toString(), json)
          .thenApply(stored -> null);
    }
    return CompletableFuture.runAsync(
        () -> {
          if (destination instanceof OnFailure.ToFile to) {
            append(to.path(), json);
          } else if (destination instanceof OnFailure.ToCallback to) {
            callback(to).accept(json.utf8());
          }
        },
        blocking);
  }

  private Consumer<String> callback(OnFailure.ToCallback to) {
    return Optional.ofNullable(callbacks.get(to.name()))
        .orElseThrow(
            () -> new IllegalStateException("No callback %s is registered.".formatted(to.name())));
  }

  /** One line for each notice; lines of several shards do not mix. */
  private void append(Path file, Payload json) {
    ByteBuffer line = ByteBuffer.wrap((json.utf8() + "\n").getBytes(StandardCharsets.UTF_8));
    synchronized (files) {
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
        while (line.hasRemaining()) {
          channel.write(line);
        }
        channel.force(true);
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }
}
