package io.millrace.channels.bucket;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * An object that is being written: nobody sees it before it is complete. For one thread at a time.
 */
public final class UnfinishedObject implements AutoCloseable {

  private final Path part;
  private final FileChannel channel;
  private final OutputStream out;

  UnfinishedObject(Path part) throws IOException {
    this.part = part;
    this.channel = FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    this.out = Channels.newOutputStream(channel);
  }

  /** Takes its content; closing it does nothing to the object. */
  public OutputStream out() {
    return new OutputStream() {
      @Override
      public void write(int single) throws IOException {
        out.write(single);
      }

      @Override
      public void write(byte[] bytes, int offset, int count) throws IOException {
        out.write(bytes, offset, count);
      }
    };
  }

  /**
   * The content is complete: it is synced, and moved in one step to where it belongs. An object of
   * the same key is replaced.
   *
   * @return its bytes
   */
  public long complete(Path target) throws IOException {
    long bytes = channel.position();
    channel.force(true);
    channel.close();
    Directories.create(target.getParent());
    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    Directories.sync(target.getParent());
    return bytes;
  }

  /** Drops what is not complete; does nothing otherwise. */
  @Override
  public void close() throws IOException {
    channel.close();
    Files.deleteIfExists(part);
  }
}
