package io.millrace.persistence;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32C;
import org.h2.mvstore.DataUtils;

/**
 * Says which version of an H2 file a sync has made durable, and how to tell whether it really has.
 * Stored as the header of the file, in one of its two blocks: H2 reads what it knows, and ignores
 * what follows the checksum of that.
 *
 * @param version of the data
 * @param header of H2, naming the chunk of that version, up to H2's checksum
 * @param written what this sync was to make durable
 */
record DurableRoot(long version, String header, List<Written> written) {

  /**
   * A chunk in the file.
   *
   * @param block where it begins
   * @param blocks how long it is
   * @param checksum of all of it
   */
  record Written(long block, int blocks, int checksum) {

    static Written of(ByteBuffer chunk, long position) {
      return new Written(
          position / ChunkFooter.BLOCK_SIZE,
          chunk.remaining() / ChunkFooter.BLOCK_SIZE,
          DurableRoot.checksum(chunk.duplicate()));
    }

    /** Whether the chunk is in the file as it was written. */
    boolean isIn(FileChannel file) throws IOException {
      var chunk = ByteBuffer.allocate(blocks * ChunkFooter.BLOCK_SIZE);
      var start = block * ChunkFooter.BLOCK_SIZE;
      while (chunk.hasRemaining() && file.read(chunk, start + chunk.position()) > 0) {}
      return !chunk.hasRemaining() && DurableRoot.checksum(chunk.flip()) == checksum;
    }

    private String text() {
      return String.format("%x.%x.%x", block, blocks, checksum);
    }

    private static Written of(String text) {
      var parts = text.split("\\.", -1);
      return new Written(
          Long.parseLong(parts[0], 16),
          Integer.parseInt(parts[1], 16),
          Integer.parseUnsignedInt(parts[2], 16));
    }
  }

  /** The version of a file in which nothing was ever durable. */
  static final long NONE = 0;

  private static final Pattern TEXT =
      Pattern.compile("^((H:.*?),fletcher:[0-9a-f]+,synced:([0-9a-f.;]*)),root:([0-9a-f]+)\n");

  private static final Pattern H2_HEADER = Pattern.compile("^(H:.*?),fletcher:([0-9a-f]+)");
  private static final Pattern VERSION = Pattern.compile(",version:([0-9a-f]+)");
  private static final Pattern BLOCK = Pattern.compile(",block:([0-9a-f]+)");
  private static final Pattern CHUNK_LENGTH = Pattern.compile("^chunk:[0-9a-f]+,len:([0-9a-f]+),");

  /**
   * Names a chunk in the header that H2 has written last.
   *
   * @param h2 the header of H2, of whatever version
   */
  static DurableRoot of(String h2, ChunkFooter chunk, long block, List<Written> written) {
    var header =
        h2.replaceAll(",(block|chunk|version|clean):[0-9a-f]+", "")
            .replaceFirst("^H:2", String.format("H:2,block:%x,chunk:%x", block, chunk.chunk()));
    return new DurableRoot(
        chunk.version(), header + String.format(",version:%x", chunk.version()), written);
  }

  /** The text of a header that H2 has written; empty if it is none. */
  static Optional<String> h2Header(ByteBuffer block) {
    var found = H2_HEADER.matcher(ISO_8859_1.decode(block.duplicate()));
    return found.find() && fletcher(found.group(1)) == Integer.parseUnsignedInt(found.group(2), 16)
        ? Optional.of(found.group(1))
        : Optional.empty();
  }

  /** Reads a block; empty if there is no whole root in it. */
  static Optional<DurableRoot> of(ByteBuffer block) {
    var found = TEXT.matcher(ISO_8859_1.decode(block.duplicate()));
    if (!found.find() || checksum(found.group(1)) != Integer.parseUnsignedInt(found.group(4), 16)) {
      return Optional.empty();
    }
    var written = new ArrayList<Written>();
    for (var text : found.group(3).split(";", -1)) {
      if (!text.isEmpty()) {
        written.add(Written.of(text));
      }
    }
    return Optional.of(
        new DurableRoot(number(VERSION, found.group(2)).orElse(NONE), found.group(2), written));
  }

  /** What H2 has written when it closed the file; empty if that is not what is in the block. */
  static Optional<DurableRoot> ofOrderlyShutdown(ByteBuffer block) {
    return h2Header(block)
        .filter(text -> text.contains(",clean:1"))
        .map(text -> text.replace(",clean:1", ""))
        .flatMap(
            text ->
                number(VERSION, text).map(version -> new DurableRoot(version, text, List.of())));
  }

  private static Optional<Long> number(Pattern pattern, String text) {
    var found = pattern.matcher(text);
    return found.find() ? Optional.of(Long.parseLong(found.group(1), 16)) : Optional.empty();
  }

  /** The same version, once it is durable and need not be checked any more. */
  DurableRoot settled() {
    return new DurableRoot(version, header, List.of());
  }

  /** The root of a file that H2 creates with this header. */
  static Optional<DurableRoot> ofCreation(ByteBuffer block) {
    return h2Header(block).map(text -> new DurableRoot(NONE, text, List.of()));
  }

  /** Where the chunk of this version ends in the file, in bytes. */
  long end(FileChannel file) throws IOException {
    var block = number(BLOCK, header).orElse(0L);
    var chunk = ByteBuffer.allocate(ChunkFooter.LENGTH);
    var read = file.read(chunk, block * ChunkFooter.BLOCK_SIZE);
    var text = version > NONE && read > 0 ? ISO_8859_1.decode(chunk.flip()).toString() : "";
    return number(CHUNK_LENGTH, text)
        .map(blocks -> (block + blocks) * ChunkFooter.BLOCK_SIZE)
        .orElse((long) DurableRoots.HEADER_LENGTH);
  }

  /** The block to be stored. */
  ByteBuffer toBlock() {
    var text =
        header
            + String.format(",fletcher:%x", fletcher(header))
            + written.stream().map(Written::text).collect(Collectors.joining(";", ",synced:", ""));
    text += String.format(",root:%x\n", checksum(text));
    var block = ByteBuffer.allocate(ChunkFooter.BLOCK_SIZE);
    block.put(text.getBytes(ISO_8859_1));
    return block.clear();
  }

  /** Whether all that the sync was to make durable is in the file. */
  boolean isComplete(FileChannel file) throws IOException {
    for (var chunk : written) {
      if (!chunk.isIn(file)) {
        return false;
      }
    }
    return true;
  }

  /** The checksum of H2. */
  private static int fletcher(String text) {
    var bytes = text.getBytes(ISO_8859_1);
    return DataUtils.getFletcher32(bytes, 0, bytes.length);
  }

  private static int checksum(String text) {
    return checksum(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
  }

  private static int checksum(ByteBuffer bytes) {
    var checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }
}
