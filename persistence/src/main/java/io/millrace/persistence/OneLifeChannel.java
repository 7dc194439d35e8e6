package io.millrace.persistence;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.h2.store.fs.FileBase;

/**
 * A channel that stays closed once it is closed. The file of H2 beneath it opens itself again, with
 * its lock, for whoever uses it later or is using it at that moment: a straggler of a failed
 * opening would sync or write into a file that another opening has by then.
 */
// The base class takes a lock where it moves a position; here is another.
@SuppressWarnings("UnsynchronizedOverridesSynchronized")
final class OneLifeChannel extends FileBase {

  private final FileChannel file;
  private final ReadWriteLock life = new ReentrantReadWriteLock();

  /** Something that is done to the file while it is open. */
  @FunctionalInterface
  private interface Use<T> {
    T of(FileChannel file) throws IOException;
  }

  OneLifeChannel(FileChannel file) {
    this.file = file;
  }

  private <T> T whileOpen(Use<T> use) throws IOException {
    Lock alive = life.readLock();
    alive.lock();
    try {
      if (!isOpen()) {
        throw new ClosedChannelException();
      }
      return use.of(file);
    } finally {
      alive.unlock();
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return whileOpen(open -> open.read(target));
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    return whileOpen(open -> open.read(target, position));
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return whileOpen(open -> open.write(source));
  }

  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    return whileOpen(open -> open.write(source, position));
  }

  @Override
  public long position() throws IOException {
    return whileOpen(FileChannel::position);
  }

  @Override
  public FileChannel position(long position) throws IOException {
    whileOpen(open -> open.position(position));
    return this;
  }

  @Override
  public long size() throws IOException {
    return whileOpen(FileChannel::size);
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    whileOpen(open -> open.truncate(size));
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    whileOpen(
        open -> {
          open.force(metaData);
          return null;
        });
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) throws IOException {
    return whileOpen(open -> open.tryLock(position, size, shared));
  }

  /** Waits for those who are using the file. */
  @Override
  protected void implCloseChannel() throws IOException {
    Lock dead = life.writeLock();
    dead.lock();
    try {
      file.close();
    } finally {
      dead.unlock();
    }
  }
}
