package io.millrace.engine.stream;

import io.millrace.engine.api.ExpiredNextTokenException;
import io.millrace.engine.api.InvalidArgumentException;
import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.internal.SealedToken.Purpose;
import io.millrace.engine.model.ConsumerName;
import io.millrace.engine.model.ShardFilterType;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where a listing goes on, as text for the caller to bring back within {@link #LIFE}.
 *
 * @param <T> what it says about where to go on
 */
public sealed interface NextToken<T> {

  /** How long a token is good for. */
  Duration LIFE = Duration.ofMinutes(5);

  /** The token is good: go on here. */
  record Valid<T>(T place) implements NextToken<T> {}

  /**
   * The token is too old.
   *
   * @param issuedMillis when it was handed out, epoch milliseconds
   */
  record Expired<T>(long issuedMillis) implements NextToken<T> {}

  /** The token is none of this engine's, or none of this operation's. */
  record Invalid<T>() implements NextToken<T> {}

  /**
   * Where ListShards goes on.
   *
   * @param stream the stream
   * @param incarnation the life of its name; another one is another stream
   * @param selection which of its shards
   * @param after the last shard shown
   */
  record ShardsPlace(
      StreamName stream, long incarnation, ShardSelection selection, ShardId after) {}

  /**
   * Where ListStreamConsumers goes on.
   *
   * @param stream the stream
   * @param incarnation the life of its name; another one is another stream
   * @param after the last consumer shown
   */
  record ConsumersPlace(StreamName stream, long incarnation, ConsumerName after) {}

  /**
   * Where to go on.
   *
   * @throws ExpiredNextTokenException when the token is too old
   * @throws InvalidArgumentException when it is none
   */
  default T require() {
    if (this instanceof Valid<T> valid) {
      return valid.place();
    }
    if (this instanceof Expired<T> expired) {
      throw new ExpiredNextTokenException(
          "The token was created at %s and is good for %d seconds."
              .formatted(Instant.ofEpochMilli(expired.issuedMillis()), LIFE.toSeconds()));
    }
    throw new InvalidArgumentException("Invalid NextToken.");
  }

  /** A token for the next page of ListShards. */
  static String of(ShardsPlace place, SealedToken seal, long nowMillis) {
    return seal(
        seal,
        Purpose.LIST_SHARDS,
        nowMillis,
        out -> {
          out.writeUTF(place.stream().value());
          out.writeLong(place.incarnation());
          out.writeUTF(place.selection().type().name());
          out.writeInt(place.selection().after().map(ShardId::index).orElse(-1));
          out.writeBoolean(place.selection().epochMillis().isPresent());
          out.writeLong(place.selection().epochMillis().orElse(0));
          out.writeInt(place.after().index());
        });
  }

  /** A token for the page of ListStreams that starts after this name. */
  static String of(StreamName after, SealedToken seal, long nowMillis) {
    return seal(seal, Purpose.LIST_STREAMS, nowMillis, out -> out.writeUTF(after.value()));
  }

  /** A token for the next page of ListStreamConsumers. */
  static String of(ConsumersPlace place, SealedToken seal, long nowMillis) {
    return seal(
        seal,
        Purpose.LIST_STREAM_CONSUMERS,
        nowMillis,
        out -> {
          out.writeUTF(place.stream().value());
          out.writeLong(place.incarnation());
          out.writeUTF(place.after().value());
        });
  }

  /** A token for the page of ListChannels that starts after this name. */
  static String afterChannel(String channelName, SealedToken seal, long nowMillis) {
    return seal(seal, Purpose.LIST_CHANNELS, nowMillis, out -> out.writeUTF(channelName));
  }

  /** Reads a token of ListShards. */
  static NextToken<ShardsPlace> forShards(String token, SealedToken seal, long nowMillis) {
    return open(
        token,
        seal,
        Purpose.LIST_SHARDS,
        nowMillis,
        in -> {
          StreamName stream = new StreamName(in.readUTF());
          long incarnation = in.readLong();
          ShardFilterType type = ShardFilterType.valueOf(in.readUTF());
          int selectedAfter = in.readInt();
          boolean timed = in.readBoolean();
          long epochMillis = in.readLong();
          ShardSelection selection =
              new ShardSelection(
                  type,
                  selectedAfter < 0 ? Optional.empty() : Optional.of(new ShardId(selectedAfter)),
                  timed ? OptionalLong.of(epochMillis) : OptionalLong.empty());
          return new ShardsPlace(stream, incarnation, selection, new ShardId(in.readInt()));
        });
  }

  /** Reads a token of ListStreams: the name after which to go on. */
  static NextToken<StreamName> forStreams(String token, SealedToken seal, long nowMillis) {
    return open(token, seal, Purpose.LIST_STREAMS, nowMillis, in -> new StreamName(in.readUTF()));
  }

  /** Reads a token of ListStreamConsumers. */
  static NextToken<ConsumersPlace> forConsumers(String token, SealedToken seal, long nowMillis) {
    return open(
        token,
        seal,
        Purpose.LIST_STREAM_CONSUMERS,
        nowMillis,
        in ->
            new ConsumersPlace(
                new StreamName(in.readUTF()), in.readLong(), new ConsumerName(in.readUTF())));
  }

  /** Reads a token of ListChannels: the name after which to go on. */
  static NextToken<String> forChannels(String token, SealedToken seal, long nowMillis) {
    return open(token, seal, Purpose.LIST_CHANNELS, nowMillis, in -> in.readUTF());
  }

  private static String seal(SealedToken seal, Purpose purpose, long nowMillis, Writing place) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeLong(nowMillis);
      place.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return seal.seal(purpose, bytes.toByteArray());
  }

  private static <T> NextToken<T> open(
      String token, SealedToken seal, Purpose purpose, long nowMillis, Reading<T> place) {
    Optional<byte[]> payload = seal.open(purpose, token);
    if (payload.isEmpty()) {
      return new Invalid<>();
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(payload.get()))) {
      long issuedMillis = in.readLong();
      return nowMillis - issuedMillis >= LIFE.toMillis()
          ? new Expired<>(issuedMillis)
          : new Valid<>(place.read(in));
    } catch (IOException | IllegalArgumentException e) {
      // Sealed by another release of this engine.
      return new Invalid<>();
    }
  }

  /** Writes what a token says. */
  interface Writing {
    void write(DataOutputStream out) throws IOException;
  }

  /** Reads what a token says. */
  interface Reading<T> {
    T read(DataInputStream in) throws IOException;
  }
}
