package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBase;

/**
 * The channel on which H2 has its database file, and on which we sync it. Adds three things to what
 * H2 does, for files that must survive power loss:
 *
 * <ul>
 *   <li>Chunks are sealed when written. While the file is being opened, chunks that are not durable
 *       for certain are checked, and H2 does not get to see the footer of a broken one.
 *   <li>The number of writes since the last sync is bounded.
 *   <li>After a failed sync every other one fails too: the operating system reports the loss of a
 *       write only once.
 * </ul>
 */
// Positional reads and writes need no lock; the base class takes one because it moves a position.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class H2Channel extends FileBase {

  private final FileChannel file;
  private final UnsyncedWrites unsynced;
  private final boolean isSealing;

  private volatile boolean isOpening = true;
  private volatile boolean isOrdered;
  private volatile long durableVersion;
  private volatile IOException lost;

  /**
   * @param isSealing whether the file must survive power loss
   */
  H2Channel(FileChannel file, UnsyncedWrites unsynced, boolean isSealing) {
    this.file = file;
    this.unsynced = unsynced;
    this.isSealing = isSealing;
    isOrdered = isSealing;
  }

  /** H2 has found its way through the file, and what it has found is durable. */
  void opened() {
    isOpening = false;
    isOrdered = false;
  }

  /** H2 is about to work on the file on its own account: now each write waits for those before. */
  void closing() {
    isOrdered = isSealing;
  }

  /** Chunks up to this version are durable. */
  void setDurableVersion(long version) {
    durableVersion = version;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    beforeWrite(source, position);
    return file.write(source, position);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    beforeWrite(source, file.position());
    return file.write(source);
  }

  /** The file beneath would open itself again, and let stragglers write into what is not theirs. */
  private void refuseIfClosed() throws ClosedChannelException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
  }

  private void beforeWrite(ByteBuffer source, long position) throws IOException {
    refuseIfClosed();
    if (!isSealing) {
      unsynced.count();
      return;
    }
    if (unsynced.isFull() || (isOrdered && !unsynced.isEmpty())) {
      force(false);
    }
    unsynced.add(position, source.remaining());
    ChunkSeal.seal(source, durableVersion);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    refuseIfClosed();
    if (lost != null) {
      throw new IOException("An earlier sync has failed: " + lost.getMessage(), lost);
    }
    var before = unsynced.mark();
    try {
      file.force(metaData);
    } catch (IOException e) {
      lost = e;
      throw e;
    }
    unsynced.removeUpTo(before);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    refuseIfClosed();
    var start = target.position();
    var read = file.read(target, position);
    var isFooter = read == ChunkSeal.FOOTER_LENGTH && (position + read) % ChunkSeal.BLOCK_SIZE == 0;
    if (isOpening && isSealing && isFooter && isBroken(target.slice(start, read), position)) {
      for (var i = 0; i < read; i++) {
        target.put(start + i, (byte) 0);
      }
    }
    return read;
  }

  /** Whether a footer belongs to a chunk that power loss has left incomplete. */
  private boolean isBroken(ByteBuffer footer, long position) throws IOException {
    var seal = ChunkSeal.of(footer).orElse(null);
    if (seal == null) {
      return false;
    }
    durableVersion = Math.max(durableVersion, seal.durableVersion());
    if (seal.version() <= durableVersion) {
      return false;
    }
    var start = position + ChunkSeal.FOOTER_LENGTH - seal.length();
    if (start < 0) {
      return true;
    }
    var chunk = ByteBuffer.allocate((int) (position - start));
    while (chunk.hasRemaining() && file.read(chunk, start + chunk.position()) > 0) {}
    return chunk.hasRemaining() || !seal.isOn(chunk.flip());
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
    return file.size();
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    refuseIfClosed();
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
