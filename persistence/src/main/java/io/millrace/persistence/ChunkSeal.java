package io.millrace.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * A checksum over a whole chunk of an H2 file, and the version known to be durable when the chunk
 * was written; kept in the padding of the chunk's footer, which H2 does not read.
 *
 * <p>H2 writes a chunk at once, and takes a chunk with a good header and footer for a whole one.
 * After power loss the pages between them may be missing. The seal tells.
 *
 * @param checksum of everything before the footer
 * @param durableVersion this version and all before it had been synced
 * @param version of the chunk itself
 * @param length of the chunk, footer included
 */
record ChunkSeal(int checksum, long durableVersion, long version, long length) {

  /** Bytes of a footer, at the end of each chunk. */
  static final int FOOTER_LENGTH = 128;

  /** Chunks begin and end at multiples of this. */
  static final int BLOCK_SIZE = 4096;

  private static final byte[] START = "chunk:".getBytes(ISO_8859_1);

  private static final Pattern SEAL =
      Pattern.compile(
          "^(chunk:[0-9a-f]+,len:([0-9a-f]+),version:([0-9a-f]+),fletcher:[0-9a-f]+"
              + ",seal:([0-9a-f]{8}),durable:([0-9a-f]+)),footer:([0-9a-f]{8}) *\n");

  /** Seals a chunk that H2 is about to write, if that is what the buffer holds. */
  static void seal(ByteBuffer chunk, long durable) {
    var start = chunk.position();
    var length = chunk.remaining();
    if (length < BLOCK_SIZE || length % BLOCK_SIZE != 0 || !startsChunk(chunk, start)) {
      return;
    }
    var footer = chunk.limit() - FOOTER_LENGTH;
    if (!startsChunk(chunk, footer)) {
      return;
    }
    var text = textOf(chunk.slice(footer, FOOTER_LENGTH)).stripTrailing();
    var isSealed = text.contains(",seal:"); // a chunk that is moved
    var sealed =
        String.format(
            "%s,seal:%08x,durable:%x", text, checksum(chunk.slice(start, footer - start)), durable);
    var bytes = String.format("%s,footer:%08x", sealed, checksum(sealed)).getBytes(ISO_8859_1);
    if (!isSealed && bytes.length < FOOTER_LENGTH) {
      for (var i = 0; i < bytes.length; i++) {
        chunk.put(footer + i, bytes[i]);
      }
    }
  }

  /** The seal in a footer; empty if there is none, or not a good one. */
  static Optional<ChunkSeal> of(ByteBuffer footer) {
    var found = SEAL.matcher(textOf(footer));
    if (!found.find() || checksum(found.group(1)) != Integer.parseUnsignedInt(found.group(6), 16)) {
      return Optional.empty();
    }
    return Optional.of(
        new ChunkSeal(
            Integer.parseUnsignedInt(found.group(4), 16),
            Long.parseUnsignedLong(found.group(5), 16),
            Long.parseUnsignedLong(found.group(3), 16),
            Long.parseUnsignedLong(found.group(2), 16) * BLOCK_SIZE));
  }

  /** Whether a chunk, without its footer, is the one that was sealed. */
  boolean isOn(ByteBuffer chunk) {
    return checksum(chunk) == checksum;
  }

  private static int checksum(String text) {
    return checksum(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
  }

  private static int checksum(ByteBuffer bytes) {
    var checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  private static boolean startsChunk(ByteBuffer buffer, int at) {
    return buffer.slice(at, START.length).equals(ByteBuffer.wrap(START));
  }

  private static String textOf(ByteBuffer footer) {
    return ISO_8859_1.decode(footer.duplicate()).toString();
  }
}
