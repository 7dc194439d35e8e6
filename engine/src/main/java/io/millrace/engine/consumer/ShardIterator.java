package io.millrace.engine.consumer;

import io.millrace.engine.internal.SealedToken;
import io.millrace.engine.internal.SealedToken.Purpose;
import io.millrace.engine.model.ShardId;
import io.millrace.engine.model.StreamName;
import io.millrace.engine.shard.ShardAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * A place from which to read, as it travels inside an opaque, sealed text of at most 512
 * characters. The engine remembers nothing of it.
 *
 * @param shard the shard, and the life of its stream
 * @param counter position of the first record wanted
 * @param issuedMillis when it was handed out, epoch milliseconds
 */
record ShardIterator(ShardAddress shard, long counter, long issuedMillis) {

  /** GetRecords: an iterator is good for this long after it was handed out. */
  static final long LIFE_MILLIS = 300_000;

  private static final int FIXED_BYTES = 3 * Long.BYTES + Integer.BYTES;

  /** The text of this iterator. */
  String seal(SealedToken seal) {
    byte[] name = shard.stream().value().getBytes(StandardCharsets.UTF_8);
    byte[] bytes = new byte[FIXED_BYTES + name.length];
    ByteBuffer.wrap(bytes)
        .putLong(issuedMillis)
        .putLong(counter)
        .putLong(shard.incarnation())
        .putInt(shard.shardId().index())
        .put(name);
    return seal.seal(Purpose.SHARD_ITERATOR, bytes);
  }

  /** The iterator of this text; empty if this engine never handed it out. */
  static Optional<ShardIterator> open(SealedToken seal, String text) {
    return seal.open(Purpose.SHARD_ITERATOR, text).map(ShardIterator::read);
  }

  private static ShardIterator read(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    long issuedMillis = buffer.getLong();
    long counter = buffer.getLong();
    long incarnation = buffer.getLong();
    ShardId shardId = new ShardId(buffer.getInt());
    String name =
        new String(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES, StandardCharsets.UTF_8);
    return new ShardIterator(
        new ShardAddress(new StreamName(name), incarnation, shardId), counter, issuedMillis);
  }

  /** Whether it is too old. A wall clock that was set back never makes it so. */
  boolean hasExpired(long nowMillis) {
    return nowMillis - issuedMillis >= LIFE_MILLIS;
  }
}
