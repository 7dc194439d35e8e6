package io.millrace.engine.aggregate;

import io.millrace.engine.model.HashKey;
import io.millrace.engine.model.HashKeyRange;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.Record;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the records apart that the Kinesis Producer Library put together. What is not of its form
 * stays as it is. Safe for any thread.
 *
 * <p>The form: the bytes {@code F3 89 9A C2}, a protobuf message, the MD5 of that message.
 */
public final class Deaggregator {

  private static final Logger log = LoggerFactory.getLogger(Deaggregator.class);

  private static final Payload MAGIC =
      Payload.wrap(new byte[] {(byte) 0xF3, (byte) 0x89, (byte) 0x9A, (byte) 0xC2});
  private static final int DIGEST_BYTES = 16;

  private Deaggregator() {}

  /**
   * Adds the user records in a record of a shard, in order.
   *
   * <p>When one of them does not hash into the shard's range there are none: the record was written
   * by a producer who did not yet know of a reshard, and who sent all of it again to where it
   * belongs. From an entry on that names a key which is not there, the rest is logged and left out.
   *
   * @param range the hash keys of the shard that the record was read from
   * @param to takes them
   */
  public static void expand(Record record, HashKeyRange range, List<UserRecord> to) {
    Optional<AggregatedMessage> message = message(record.data());
    if (message.isEmpty()) {
      to.add(UserRecord.alone(record));
      return;
    }
    List<UserRecord> users = entries(message.get(), record);
    if (users.stream().allMatch(user -> range.contains(user.hashKey()))) {
      to.addAll(users);
    }
  }

  /** The user records in a record, in order, wherever they belong. */
  public static List<UserRecord> expand(Record record) {
    List<UserRecord> users = new ArrayList<>();
    expand(record, HashKeyRange.FULL, users);
    return users;
  }

  private static Optional<AggregatedMessage> message(Payload data) {
    int size = data.size() - MAGIC.size() - DIGEST_BYTES;
    if (size <= 0 || !data.startsWith(MAGIC)) {
      return Optional.empty();
    }
    Payload message = data.slice(MAGIC.size(), size);
    if (!data.slice(MAGIC.size() + size, DIGEST_BYTES).equals(digest(message))) {
      return Optional.empty();
    }
    try {
      return Optional.of(AggregatedMessage.read(message));
    } catch (IOException notThisMessage) {
      return Optional.empty();
    }
  }

  private static List<UserRecord> entries(AggregatedMessage message, Record record) {
    List<UserRecord> users = new ArrayList<>(message.entries().size());
    try {
      for (AggregatedMessage.Entry entry : message.entries()) {
        users.add(
            new UserRecord(
                record.sequenceNumber(),
                users.size(),
                true,
                record.approximateArrivalTimestamp(),
                entry.data(),
                named(message.partitionKeys(), entry.partitionKeyIndex()),
                explicitHashKey(message, entry)));
      }
    } catch (IllegalArgumentException damaged) {
      log.warn(
          "Aggregated record {}: {} of its {} entries are left out: {}",
          record.sequenceNumber(),
          message.entries().size() - users.size(),
          message.entries().size(),
          damaged.getMessage());
    }
    return users;
  }

  private static Optional<HashKey> explicitHashKey(
      AggregatedMessage message, AggregatedMessage.Entry entry) {
    return entry.explicitHashKeyIndex().isEmpty()
        ? Optional.empty()
        : Optional.of(
            HashKey.parse(
                named(message.explicitHashKeys(), entry.explicitHashKeyIndex().getAsLong())));
  }

  private static String named(List<String> table, long index) {
    if (index < 0 || index >= table.size()) {
      throw new IllegalArgumentException("key " + index + " of a table of " + table.size());
    }
    return table.get((int) index);
  }

  private static Payload digest(Payload message) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      md5.update(message.asByteBuffer());
      return Payload.wrap(md5.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
