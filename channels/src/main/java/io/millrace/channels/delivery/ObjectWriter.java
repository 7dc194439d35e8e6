package io.millrace.channels.delivery;

import io.millrace.channels.bucket.Buckets;
import io.millrace.channels.bucket.ObjectFacts;
import io.millrace.channels.bucket.ObjectKey;
import io.millrace.channels.bucket.UnfinishedObject;
import io.millrace.engine.aggregate.Deaggregator;
import io.millrace.engine.aggregate.UserRecord;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Record;
import io.millrace.engine.model.SequenceNumber;
import io.millrace.engine.model.ShardId;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Writes consecutive records of a shard into one object, and those that cannot be delivered into
 * one of dead letters; each object is begun with its first record. Records of JSON and of text end
 * with a line feed each, bytes follow one another. Aggregated records are taken apart. Compresses
 * while it writes, so that it holds no more than buffers. Blocks; for one thread at a time.
 */
final class ObjectWriter implements AutoCloseable {

  private static final String DEAD_EXTENSION = ".json";
  private static final int LINE_FEED = 10;
  private static final int BUFFER_BYTES = 1 << 16;

  private final Delivery delivery;
  private final Buckets buckets;
  private final ShardId shardId;
  private final HashKeyRange range;
  private final SequenceNumber first;
  private final Instant oldest;
  private SequenceNumber last;
  private Optional<Part> alive = Optional.empty();
  private Optional<Part> dead = Optional.empty();
  private long bytesIn;
  private long delivered;
  private long refused;

  /**
   * What became of the records.
   *
   * @param last the last of them
   * @param delivered how many were delivered
   * @param refused how many have become dead letters
   * @param bytesIn their data, bytes
   * @param bytesOut the objects, bytes
   * @param keys the keys of the objects
   */
  record Result(
      SequenceNumber last,
      long delivered,
      long refused,
      long bytesIn,
      long bytesOut,
      List<String> keys) {}

  /** One of the two objects. */
  private record Part(UnfinishedObject object, OutputStream out) {

    void drop() {
      try (object) {
        out.close();
      } catch (IOException failed) {
        throw new UncheckedIOException(failed);
      }
    }
  }

  /**
   * A writer.
   *
   * @param range the hash keys of the shard
   * @param first the first record that is going to be added
   */
  ObjectWriter(
      Delivery delivery, Buckets buckets, ShardId shardId, HashKeyRange range, Record first) {
    this.delivery = delivery;
    this.buckets = buckets;
    this.shardId = shardId;
    this.range = range;
    this.first = first.sequenceNumber();
    this.last = this.first;
    this.oldest = first.approximateArrivalTimestamp();
  }

  /** When the oldest record arrived. */
  Instant oldest() {
    return oldest;
  }

  /** The data that was added, bytes. */
  long bytesIn() {
    return bytesIn;
  }

  /**
   * Adds records in order.
   *
   * @throws UncheckedIOException when they cannot be written
   */
  void add(List<Record> records) {
    List<UserRecord> users = new ArrayList<>(records.size());
    for (Record record : records) {
      Deaggregator.expand(record, range, users);
      last = record.sequenceNumber();
    }
    try {
      for (UserRecord user : users) {
        add(user);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void add(UserRecord user) throws IOException {
    bytesIn += user.data().size();
    Optional<Fault> fault = RecordCheck.fault(delivery.format(), user.data());
    if (fault.isPresent()) {
      if (dead.isEmpty()) {
        dead = Optional.of(begin(Compression.NONE));
      }
      OutputStream out = dead.get().out();
      out.write(DeadLetter.json(delivery, shardId, user, fault.get()));
      out.write(LINE_FEED);
      refused++;
      return;
    }
    if (alive.isEmpty()) {
      alive = Optional.of(begin(Compression.of(delivery.compression())));
    }
    OutputStream out = alive.get().out();
    out.write(user.data().toByteArray());
    switch (delivery.format()) {
      case JSON, GSR_JSON, STRING -> out.write(LINE_FEED);
      case BYTE_ARRAY -> {
        // Bytes have no delimiter that could not be among them.
      }
    }
    delivered++;
  }

  private Part begin(Compression compression) throws IOException {
    UnfinishedObject object = buckets.begin(delivery.channelId());
    return new Part(object, new BufferedOutputStream(compression.into(object.out()), BUFFER_BYTES));
  }

  /**
   * Completes the objects: they are durable and can be seen.
   *
   * @throws UncheckedIOException when they cannot be written; one of them may be complete
   */
  Result finish() {
    List<String> keys = new ArrayList<>();
    long bytesOut = 0;
    try {
      if (alive.isPresent()) {
        ObjectKey key = delivery.keys().key(facts(delivery.extension()));
        bytesOut += complete(alive.get(), delivery.bucket(), key);
        keys.add(delivery.bucket() + "/" + key);
      }
      if (dead.isPresent()) {
        ObjectKey key = delivery.deadLetterKeys().key(facts(DEAD_EXTENSION));
        bytesOut += complete(dead.get(), delivery.deadLetterBucket(), key);
        keys.add(delivery.deadLetterBucket() + "/" + key);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return new Result(last, delivered, refused, bytesIn, bytesOut, keys);
  }

  private long complete(Part part, String bucket, ObjectKey key) throws IOException {
    part.out().close();
    return part.object().complete(buckets.file(bucket, key));
  }

  private ObjectFacts facts(String extension) {
    return new ObjectFacts(
        delivery.channelName(),
        delivery.channelId(),
        oldest,
        extension,
        UniqueSuffix.of(delivery.channelId(), shardId, first, last));
  }

  /** Drops what is not complete. */
  @Override
  public void close() {
    alive.ifPresent(Part::drop);
    dead.ifPresent(Part::drop);
  }
}
