package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The two {@link DurableRoot}s of an H2 file. Each sync writes one, and never the one that the sync
 * before it has made durable. So whatever is lost while a sync is under way, one of them leads to a
 * version that is all there, no older than the last that a sync has completed.
 *
 * <p>H2 alone would write its header over the only one there is, whether or not the chunk it names
 * is durable, and take a chunk for whole when it has a head and an end.
 */
final class DurableRoots {

  /** The file's header: two blocks, the same as far as H2 is concerned. */
  static final int HEADER_LENGTH = 2 * ChunkFooter.BLOCK_SIZE;

  private final FileChannel file;

  /** What this file shows to H2 while it is opened, if it was not closed in order. */
  private Optional<DurableRoot> recovered = Optional.empty();

  /** What H2 has been shown, or has found by itself, until it writes. */
  private Optional<DurableRoot> unsettled = Optional.empty();

  /** The last that H2 has written. It names each chunk only by its place, version and number. */
  private String header = "";

  private ChunkFooter last = new ChunkFooter(0, 0, -1);
  private long lastBlock;

  /** Newer chunks than the last root, not yet durable. */
  private List<DurableRoot.Written> written = new ArrayList<>();

  /** Whether copies of older chunks are not yet durable. */
  private boolean hasMoved;

  /** Where the next root goes. */
  private int slot;

  /** There is no file yet, or the power failed while it was created. */
  private boolean isNew;

  private long version = -1;
  private long previousVersion = -1;

  DurableRoots(FileChannel file) {
    this.file = file;
  }

  /** Finds the version to recover. */
  void recover() throws IOException {
    var blocks = List.of(readBlock(0), readBlock(1));
    var roots = blocks.stream().map(DurableRoot::of).toList();
    var orderly = blocks.stream().map(DurableRoot::ofOrderlyShutdown).toList();
    var newestFirst =
        Stream.of(0, 1)
            .filter(i -> roots.get(i).isPresent())
            .sorted(Comparator.comparing(i -> -roots.get(i).orElseThrow().version()))
            .toList();
    for (var i : newestFirst) {
      if (recovered.isEmpty() && roots.get(i).orElseThrow().isComplete(file)) {
        recovered = roots.get(i);
        slot = 1 - i;
      }
    }
    if (recovered.isEmpty() && orderly.get(0).isPresent() != orderly.get(1).isPresent()) {
      slot = orderly.get(0).isPresent() ? 1 : 0;
      recovered = orderly.get(1 - slot);
    }
    isNew = file.size() <= HEADER_LENGTH && blocks.stream().allMatch(DurableRoots::isBlank);
    unsettled = recovered.or(() -> orderly.get(0));
    version = unsettled.map(DurableRoot::version).orElse(-1L);
    last = new ChunkFooter(0, 0, version);
    header =
        blocks.stream()
            .flatMap(block -> DurableRoot.h2Header(block).stream())
            .findFirst()
            .orElse("");
  }

  /**
   * Before H2 writes for the first time: the version that was found becomes a root that needs no
   * check. From here on H2 may use the space of chunks that are dead in it, even of those that the
   * root lists which was found.
   */
  void settle() throws IOException {
    if (unsettled.isPresent()) {
      file.force(true);
      store(unsettled.get().settled());
      file.force(true);
      unsettled = Optional.empty();
    }
  }

  private static boolean isBlank(ByteBuffer block) {
    return block.equals(ByteBuffer.allocate(ChunkFooter.BLOCK_SIZE));
  }

  private ByteBuffer readBlock(int number) throws IOException {
    var block = ByteBuffer.allocate(ChunkFooter.BLOCK_SIZE);
    var start = (long) number * ChunkFooter.BLOCK_SIZE;
    while (block.hasRemaining() && file.read(block, start + block.position()) > 0) {}
    return block.clear();
  }

  /** What H2 is to read as the header; empty if it is to read what is there. */
  Optional<ByteBuffer> headerForRecovery() {
    return recovered.map(
        root -> ByteBuffer.allocate(HEADER_LENGTH).put(root.toBlock()).put(root.toBlock()).flip());
  }

  /**
   * How long H2 is to think the file is; empty if it is to see for itself. H2 looks for chunks from
   * the end of the file backwards, and prefers what it finds there to what the newest version says.
   * So that version comes last.
   */
  Optional<Long> sizeForRecovery() throws IOException {
    if (isNew) {
      return Optional.of(0L);
    }
    return recovered.isPresent() ? Optional.of(recovered.get().end(file)) : Optional.empty();
  }

  /** Whether H2 must not see a chunk when it recovers, because it is newer. */
  boolean hides(ChunkFooter chunk) {
    return recovered.isPresent() && chunk.version() > recovered.get().version();
  }

  /** Whether a header of H2 says that everything is in order. */
  static boolean isOrderlyShutdown(ByteBuffer block) {
    return DurableRoot.ofOrderlyShutdown(block).isPresent();
  }

  /**
   * H2 wants this header written; instead it is remembered. If H2 creates the file, both roots say
   * that nothing is in it, and the next chunk has to wait until that is durable.
   */
  synchronized void setHeader(ByteBuffer block) throws IOException {
    DurableRoot.h2Header(block).ifPresent(text -> header = text);
    var created = isNew ? DurableRoot.ofCreation(block) : Optional.<DurableRoot>empty();
    if (created.isPresent()) {
      isNew = false;
      store(created.get());
      store(created.get());
    }
  }

  /**
   * Whether a sync must come before a chunk is written. H2 copies chunks to other places, and then
   * writes one that says where they are. A root lists only chunks that are new with it, because the
   * space of others may be used again while it is still the last.
   */
  synchronized boolean mustFollowSync(ByteBuffer chunk) {
    return hasMoved && ChunkFooter.ofChunk(chunk).filter(this::isNew).isPresent();
  }

  private boolean isNew(ChunkFooter chunk) {
    return chunk.version() > last.version();
  }

  /** A chunk has been written. */
  synchronized void add(ByteBuffer chunk, long position) {
    var footer = ChunkFooter.ofChunk(chunk).orElse(null);
    if (footer == null) {
      return;
    }
    if (isNew(footer)) {
      written.add(DurableRoot.Written.of(chunk, position));
      last = footer;
      lastBlock = position / ChunkFooter.BLOCK_SIZE;
    } else {
      hasMoved = true;
    }
  }

  /**
   * Before a sync, one at a time: writes the root of what has been written. If the sync fails,
   * there must not be another.
   */
  void write() throws IOException {
    DurableRoot root;
    synchronized (this) {
      hasMoved = false;
      if (header.isEmpty() || written.isEmpty()) {
        return;
      }
      root = DurableRoot.of(header, last, lastBlock, written);
      written = new ArrayList<>();
    }
    store(root);
    previousVersion = version;
    version = root.version();
  }

  private void store(DurableRoot root) throws IOException {
    var block = root.toBlock();
    var start = (long) slot * ChunkFooter.BLOCK_SIZE;
    while (block.hasRemaining()) {
      file.write(block, start + block.position());
    }
    slot = 1 - slot;
  }

  /**
   * The version of the root before the last that was written, or -1. When the last is durable, what
   * died in versions after this one must still be there: the last root lists it.
   */
  long previousVersion() {
    return previousVersion;
  }
}
