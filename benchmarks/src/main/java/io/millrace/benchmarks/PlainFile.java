package io.millrace.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicLong;

/** A file that several threads append to: what the disk itself can do. */
final class PlainFile implements AutoCloseable {

  private final FileChannel channel;
  private final boolean isSynced;
  private final AtomicLong end = new AtomicLong();

  PlainFile(Path path, boolean isSynced) throws IOException {
    channel = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.isSynced = isSynced;
  }

  /** Appends these bytes and forces them, if this file is synced. */
  void append(byte[] bytes) throws IOException {
    long at = end.getAndAdd(bytes.length);
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      channel.write(buffer, at + buffer.position());
    }
    if (isSynced) {
      channel.force(false);
    }
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
