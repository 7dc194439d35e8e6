package io.millrace.engine.stream;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * The channels of the account, as the module that delivers them tells the engine: what streams ask
 * of them. Answers from what is published; safe for any thread.
 */
public interface AccountChannels {

  /** Nobody delivers. */
  AccountChannels NONE =
      new AccountChannels() {
        @Override
        public int count() {
          return 0;
        }

        @Override
        public int limit() {
          return 0;
        }

        @Override
        public int countOf(StreamView stream) {
          return 0;
        }

        @Override
        public Optional<String> holding(StreamView stream) {
          return Optional.empty();
        }

        @Override
        public Optional<Map<String, String>> tags(String channelArn) {
          return Optional.empty();
        }

        @Override
        public CompletionStage<Void> addTags(String channelArn, Map<String, String> tags) {
          return CompletableFuture.completedStage(null);
        }

        @Override
        public CompletionStage<Void> removeTags(String channelArn, List<String> tagKeys) {
          return CompletableFuture.completedStage(null);
        }
      };

  /** How many there are. */
  int count();

  /** How many there may be. */
  int limit();

  /** How many read this life of a stream, in any status. */
  int countOf(StreamView stream);

  /**
   * The name of a channel that keeps this life of a stream from being deleted, and from becoming
   * provisioned: one that reads it and has not failed.
   */
  Optional<String> holding(StreamView stream);

  /** The tags of the channel of this ARN; empty when there is none. */
  Optional<Map<String, String>> tags(String channelArn);

  /**
   * Gives a channel tags; a key that it has gets another value.
   *
   * @return completes when it is durable; fails with a {@link
   *     io.millrace.engine.api.MillraceException}
   */
  CompletionStage<Void> addTags(String channelArn, Map<String, String> tags);

  /** Takes tags from a channel, like {@link #addTags}; keys that it does not have are ignored. */
  CompletionStage<Void> removeTags(String channelArn, List<String> tagKeys);
}
