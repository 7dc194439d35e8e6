package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.Optional;
import org.h2.store.fs.FileBase;

/**
 * The channel on which H2 has its database file. Syncs go through it, and it writes the header in
 * H2's place. Where the file need not survive power loss, a sync is the root alone: the operating
 * system has what was written, and the root says which of it counts.
 */
// Positional reads and writes need no lock; the base class takes one because it moves a position.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class H2Channel extends FileBase {

  private enum Phase {
    OPENING,
    SERVING,
    CLOSING
  }

  private final FileChannel file;
  private final boolean isSynced;
  private final UnsyncedWrites unsynced;
  private final DurableRoots roots;

  private volatile Phase phase = Phase.OPENING;
  private volatile IOException lost;

  H2Channel(FileChannel file, boolean isSynced, UnsyncedWrites unsynced) throws IOException {
    this.file = file;
    this.isSynced = isSynced;
    this.unsynced = unsynced;
    roots = new DurableRoots(file);
    roots.recover();
  }

  /** H2 has found its way through the file, and what it has found is durable. */
  void opened() {
    phase = Phase.SERVING;
  }

  /** H2 is about to write the header that says that all is in order. */
  void closing() {
    phase = Phase.CLOSING;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    var isOrdered = phase != Phase.SERVING;
    if (unsynced.isFull() || (isOrdered && !unsynced.isEmpty()) || roots.mustFollowSync(source)) {
      force(false);
    }
    if (phase == Phase.OPENING) {
      roots.settle();
    }
    var length = source.remaining();
    unsynced.add(position, length);
    if (position < DurableRoots.HEADER_LENGTH && !isOrderlyShutdown(source)) {
      roots.setHeader(source);
      source.position(source.limit());
      return length;
    }
    var whole = source.duplicate();
    for (var at = position; source.hasRemaining(); ) {
      at += file.write(source, at);
    }
    roots.add(whole, position);
    return length;
  }

  /** The one header that H2 writes itself. */
  private boolean isOrderlyShutdown(ByteBuffer header) {
    return phase == Phase.CLOSING && DurableRoots.isOrderlyShutdown(header);
  }

  @Override
  public synchronized void force(boolean metaData) throws IOException {
    if (lost != null) {
      // The operating system reports the loss of a write only once.
      throw new IOException("An earlier sync has failed: " + lost.getMessage(), lost);
    }
    try {
      roots.write();
      var before = unsynced.mark();
      if (isSynced) {
        file.force(metaData);
      }
      unsynced.removeUpTo(before);
    } catch (IOException e) {
      lost = e;
      throw e;
    }
  }

  /** See {@link DurableRoots#previousVersion}. */
  synchronized long previousRootVersion() {
    return roots.previousVersion();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    var header =
        phase == Phase.OPENING && position == 0 && target.remaining() == DurableRoots.HEADER_LENGTH
            ? roots.headerForRecovery()
            : Optional.<ByteBuffer>empty();
    if (header.isPresent()) {
      target.put(header.get());
      return DurableRoots.HEADER_LENGTH;
    }
    var start = target.position();
    var read = file.read(target, position);
    if (phase == Phase.OPENING && read == ChunkFooter.LENGTH) {
      hideIfNewer(target.slice(start, read), position + read);
    }
    return read;
  }

  private void hideIfNewer(ByteBuffer bytes, long end) {
    if (end % ChunkFooter.BLOCK_SIZE == 0
        && ChunkFooter.of(bytes).filter(roots::hides).isPresent()) {
      bytes.put(new byte[bytes.remaining()]);
    }
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    throw new UnsupportedOperationException("H2 writes at positions");
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return file.read(target);
  }

  @Override
  public long position() throws IOException {
    return file.position();
  }

  @Override
  public FileChannel position(long position) throws IOException {
    file.position(position);
    return this;
  }

  @Override
  public long size() throws IOException {
    return phase == Phase.OPENING ? roots.sizeForRecovery().orElse(file.size()) : file.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    file.truncate(size);
    return this;
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return file.tryLock(position, size, shared);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    file.close();
  }
}
