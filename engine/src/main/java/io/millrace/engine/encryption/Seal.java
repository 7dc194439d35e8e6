package io.millrace.engine.encryption;

import io.millrace.engine.batch.CorruptFrameException;
import io.millrace.engine.batch.Frame;
import io.millrace.engine.batch.ProducerNotes;
import io.millrace.engine.batch.RecordBatch;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.WrappedKey;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;

/**
 * Seals the events of one shard and opens them again. The body of a sealed event is
 *
 * <pre>
 * bytes
 *  1    kind of the event before
 *  2    length of the name of the master key
 *       the name, UTF-8
 *  2    length of the wrapped data key
 *       the wrapped data key
 *       nonce, ciphertext and tag: AES-256-GCM of the body before
 *       what producers numbered, if they did, as the body before ended with it
 * </pre>
 *
 * What the header says of the event, the kind before, what producers numbered and the shard's
 * persistence id are authenticated with it, so that no event passes for another. What producers
 * numbered is left in the clear because recovery needs it and has no key. Integers are big-endian.
 * Immutable.
 */
public final class Seal {

  private static final int FIXED_BYTES = 1 + 2 * Short.BYTES;

  private final byte[] persistenceId;

  /** The seal of the shard with this persistence id. */
  public Seal(String persistenceId) {
    this.persistenceId = persistenceId.getBytes(StandardCharsets.UTF_8);
  }

  /** Seals an event, which is given in the clear. */
  public Frame close(Frame plain, DataKey key) {
    byte kind = plain.header().kind();
    byte[] master = key.wrapped().masterKey().getBytes(StandardCharsets.UTF_8);
    Payload wrapped = key.wrapped().bytes();
    Payload notes = notes(kind, plain.body());
    int bodyEnd = plain.bytes().length - notes.size();
    byte[] body = Arrays.copyOfRange(plain.bytes(), Frame.HEADER_BYTES, bodyEnd);
    byte[] ciphertext = key.encrypt(body, associated(plain, kind, notes));
    int head = Frame.HEADER_BYTES + FIXED_BYTES + master.length + wrapped.size();
    byte[] framed = new byte[head + ciphertext.length + notes.size()];
    ByteBuffer.wrap(framed)
        .position(Frame.HEADER_BYTES)
        .put(kind)
        .putShort((short) master.length)
        .put(master)
        .putShort((short) wrapped.size())
        .put(wrapped.asByteBuffer())
        .put(ciphertext)
        .put(notes.asByteBuffer());
    return plain.with(Frame.SEALED, framed);
  }

  /** The last bytes of a body: what producers numbered. */
  private static Payload notes(byte kind, ByteBuffer body) {
    int bytes = kind == RecordBatch.KIND_NUMBERED ? ProducerNotes.bytesIn(body) : 0;
    return Payload.of(body.duplicate().position(body.limit() - bytes));
  }

  /**
   * The kind that a sealed event was of before.
   *
   * @throws CorruptFrameException when it has no body
   */
  public static byte kindOf(Frame sealed) {
    return Parts.of(sealed).kind;
  }

  /**
   * The key that a sealed event needs.
   *
   * @throws CorruptFrameException when the body is none of a sealed event
   */
  public static WrappedKey keyOf(Frame sealed) {
    return Parts.of(sealed).key;
  }

  /**
   * Opens an event whose body has passed its checksum.
   *
   * @return the event as it was before it was sealed
   * @throws CorruptFrameException when it is not what was sealed with this key, in this shard, as
   *     this event
   */
  Frame open(Frame sealed, DataKey key) {
    Parts parts = Parts.of(sealed);
    byte[] body;
    try {
      body = key.decrypt(parts.ciphertext(), associated(sealed, parts.kind, parts.notes));
    } catch (GeneralSecurityException forged) {
      throw new CorruptFrameException(
          "the body of event %d is not what was encrypted there"
              .formatted(sealed.header().eventNumber()));
    }
    byte[] framed = new byte[Frame.HEADER_BYTES + body.length + parts.notes.size()];
    ByteBuffer.wrap(framed).position(Frame.HEADER_BYTES).put(body).put(parts.notes.asByteBuffer());
    return sealed.with(parts.kind, framed).openedWith(parts.key);
  }

  private byte[] associated(Frame frame, byte kind, Payload notes) {
    byte[] facts = frame.facts(kind);
    return ByteBuffer.allocate(facts.length + notes.size() + persistenceId.length)
        .put(facts)
        .put(notes.asByteBuffer())
        .put(persistenceId)
        .array();
  }

  /**
   * A sealed body, taken apart.
   *
   * @param rest what follows the key, up to the notes; not copied yet
   * @param notes what producers numbered
   */
  private record Parts(byte kind, WrappedKey key, ByteBuffer rest, Payload notes) {

    static Parts of(Frame sealed) {
      try {
        ByteBuffer body = sealed.body();
        byte kind = body.get();
        String master = new String(take(body), StandardCharsets.UTF_8);
        WrappedKey key = new WrappedKey(master, Payload.wrap(take(body)));
        Payload notes = Seal.notes(kind, body);
        ByteBuffer rest = body.slice().limit(body.remaining() - notes.size());
        return new Parts(kind, key, rest, notes);
      } catch (BufferUnderflowException
          | IndexOutOfBoundsException
          | IllegalArgumentException tooShort) {
        throw new CorruptFrameException(
            "the body of event %d is no encrypted one".formatted(sealed.header().eventNumber()));
      }
    }

    byte[] ciphertext() {
      byte[] bytes = new byte[rest.remaining()];
      rest.duplicate().get(bytes);
      return bytes;
    }

    private static byte[] take(ByteBuffer body) {
      byte[] bytes = new byte[Short.toUnsignedInt(body.getShort())];
      body.get(bytes);
      return bytes;
    }
  }
}
