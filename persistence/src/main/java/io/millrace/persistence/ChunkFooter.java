package io.millrace.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What H2 writes at the end of each chunk of its file.
 *
 * @param chunk the chunk's id
 * @param blocks its length
 * @param version the version of the data that it completes
 */
record ChunkFooter(long chunk, long blocks, long version) {

  /** Bytes of a footer. */
  static final int LENGTH = 128;

  /** Chunks begin and end at multiples of this many bytes. */
  static final int BLOCK_SIZE = 4096;

  private static final Pattern TEXT =
      Pattern.compile("^chunk:([0-9a-f]+),len:([0-9a-f]+),version:([0-9a-f]+),fletcher:");

  /** Reads a footer; empty if it is none. H2 checks its checksum. */
  static Optional<ChunkFooter> of(ByteBuffer footer) {
    var found = TEXT.matcher(ISO_8859_1.decode(footer.duplicate()));
    return found.find()
        ? Optional.of(
            new ChunkFooter(
                Long.parseLong(found.group(1), 16),
                Long.parseLong(found.group(2), 16),
                Long.parseLong(found.group(3), 16)))
        : Optional.empty();
  }

  /** The footer of a chunk that is about to be written; empty if the bytes are no whole chunk. */
  static Optional<ChunkFooter> ofChunk(ByteBuffer chunk) {
    var length = chunk.remaining();
    return length >= BLOCK_SIZE && length % BLOCK_SIZE == 0
        ? of(chunk.slice(chunk.limit() - LENGTH, LENGTH))
        : Optional.empty();
  }
}
