package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBase;

/**
 * The channel on which H2 has its database file, when the file must survive power loss. Syncs go
 * through it, and it writes the header in H2's place.
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
  private final UnsyncedWrites unsynced;
  private final DurableRoots roots;

  private volatile Phase phase = Phase.OPENING;
  private volatile IOException lost;

  H2Channel(FileChannel file, UnsyncedWrites unsynced) throws IOException {
    this.file = file;
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
    if (position < DurableRoots.HEADER_LENGTH && !mayWriteHeader(source)) {
      source.position(source.limit());
      return length;
    }
    unsynced.add(position, length);
    var whole = source.duplicate();
    for (var at = position; source.hasRemaining(); ) {
      at += file.write(source, at);
    }
    roots.add(whole, position);
    return length;
  }

  /** H2 writes its own header only when it creates a file, and when it closes one in order. */
  private boolean mayWriteHeader(ByteBuffer source) throws IOException {
    roots.setHeader(source);
    return file.size() == 0 || (phase == Phase.CLOSING && DurableRoots.isOrderlyShutdown(source));
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
      file.force(metaData);
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
    var start = target.position();
    var read = file.read(target, position);
    if (phase == Phase.OPENING && read > 0) {
      showRecovered(target.duplicate().position(start).slice().limit(read), position);
    }
    return read;
  }

  private void showRecovered(ByteBuffer bytes, long position) {
    var length = bytes.remaining();
    if (position == 0 && length == DurableRoots.HEADER_LENGTH) {
      roots.headerForRecovery().ifPresent(bytes::put);
    } else if (length == ChunkFooter.LENGTH
        && (position + length) % ChunkFooter.BLOCK_SIZE == 0
        && ChunkFooter.of(bytes).filter(roots::hides).isPresent()) {
      bytes.put(new byte[length]);
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
