package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import org.h2.store.fs.FileBase;

/** The channel on which H2 has its database file, and on which we sync it. */
// Positional reads and writes need no lock; the base class takes one only because it moves a
// position.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class H2Channel extends FileBase {

  private final FileChannel file;
  private final UnsyncedWrites unsynced;

  /** Syncs before any further write if that is wanted; H2 writes under its own lock. */
  private volatile boolean isOrdered;

  H2Channel(FileChannel file, UnsyncedWrites unsynced) {
    this.file = file;
    this.unsynced = unsynced;
  }

  /**
   * Whether each write waits until all writes before it are durable. For the moments when H2 works
   * on the file on its own account, at opening and closing.
   */
  void setOrdered(boolean ordered) {
    isOrdered = ordered;
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    beforeWrite(position, source.remaining());
    return file.write(source, position);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    beforeWrite(file.position(), source.remaining());
    return file.write(source);
  }

  private void beforeWrite(long position, int length) throws IOException {
    if (unsynced.isFull() || (isOrdered && !unsynced.isEmpty())) {
      force(false);
    }
    unsynced.add(position, length);
  }

  @Override
  public void force(boolean metaData) throws IOException {
    var before = unsynced.mark();
    file.force(metaData);
    unsynced.removeUpTo(before);
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
  public int read(ByteBuffer target) throws IOException {
    return file.read(target);
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return file.read(target, position);
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
