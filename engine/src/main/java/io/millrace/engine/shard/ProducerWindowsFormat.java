package io.millrace.engine.shard;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.shard.ProducerWindow.Run;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stored form of {@link ProducerWindows}, which a snapshot ends with, a shard's first event
 * too, and in which parents hand theirs to their children. Integers are varints of Protocol
 * Buffers, signed ones zigzag; where numbers follow one another, the differences:
 *
 * <pre>
 * when the youngest forgotten producer was born (signed), producers; for each, the longest silent first:
 *   16 bytes of its id, largest forgotten sequence (signed), when it last stored, runs; for each:
 *     creation seconds and index of the shard, sequences; for each:
 *       sequence, counter and put seconds, less those before (signed)
 * </pre>
 */
public final class ProducerWindowsFormat {

  private ProducerWindowsFormat() {}

  /** The bytes; none at all for {@link ProducerWindows#NONE}. */
  public static Payload write(ProducerWindows windows) {
    if (windows.isEmpty()) {
      return Payload.EMPTY;
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(likelyBytes(windows));
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeSInt64NoTag(windows.youngestForgottenMillis());
      out.writeUInt32NoTag(windows.windows().size());
      for (Map.Entry<ProducerId, ProducerWindow> entry : windows.windows().entrySet()) {
        write(out, entry.getKey(), entry.getValue());
      }
      out.flush();
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return Payload.wrap(bytes.toByteArray());
  }

  /** Sequences that follow one another take three bytes or four. */
  private static int likelyBytes(ProducerWindows windows) {
    int sequences = 0;
    for (ProducerWindow window : windows.windows().values()) {
      sequences += window.size();
    }
    return 4 * sequences + 64 * windows.windows().size();
  }

  private static void write(CodedOutputStream out, ProducerId producer, ProducerWindow window)
      throws IOException {
    ByteBuffer id = ByteBuffer.allocate(2 * Long.BYTES);
    out.writeRawBytes(id.putLong(producer.bornMillis()).putLong(producer.random()).array());
    out.writeSInt64NoTag(window.forgotten());
    out.writeSInt64NoTag(window.lastMillis());
    out.writeUInt32NoTag(window.runs().size());
    for (Run run : window.runs()) {
      write(out, run);
    }
  }

  private static void write(CodedOutputStream out, Run run) throws IOException {
    out.writeUInt64NoTag(run.shard().createdSeconds());
    out.writeUInt32NoTag(run.shard().shardIndex());
    out.writeUInt32NoTag(run.size());
    long sequence = 0;
    long counter = 0;
    long seconds = 0;
    for (int i = 0; i < run.size(); i++) {
      out.writeSInt64NoTag(run.sequences()[i] - sequence);
      out.writeSInt64NoTag(run.counters()[i] - counter);
      out.writeSInt64NoTag(run.putSeconds()[i] - seconds);
      sequence = run.sequences()[i];
      counter = run.counters()[i];
      seconds = run.putSeconds()[i];
    }
  }

  /** What the bytes say. */
  public static ProducerWindows read(Payload bytes) {
    return read(bytes.asByteBuffer());
  }

  static ProducerWindows read(ByteBuffer bytes) {
    if (!bytes.hasRemaining()) {
      return ProducerWindows.NONE;
    }
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    try {
      long youngest = in.readSInt64();
      Map<ProducerId, ProducerWindow> windows = new LinkedHashMap<>();
      for (int left = in.readUInt32(); left > 0; left--) {
        ByteBuffer id = ByteBuffer.wrap(in.readRawBytes(2 * Long.BYTES));
        windows.put(new ProducerId(id.getLong(), id.getLong()), window(in));
      }
      return new ProducerWindows(youngest, windows);
    } catch (IOException notThisForm) {
      throw new UncheckedIOException(notThisForm);
    }
  }

  private static ProducerWindow window(CodedInputStream in) throws IOException {
    long forgotten = in.readSInt64();
    long lastMillis = in.readSInt64();
    List<Run> runs = new ArrayList<>();
    for (int left = in.readUInt32(); left > 0; left--) {
      runs.add(run(in));
    }
    return new ProducerWindow(forgotten, lastMillis, runs);
  }

  private static Run run(CodedInputStream in) throws IOException {
    ShardIdentity shard = new ShardIdentity(in.readUInt64(), in.readUInt32());
    long[] sequences = new long[in.readUInt32()];
    long[] counters = new long[sequences.length];
    long[] putSeconds = new long[sequences.length];
    long sequence = 0;
    long counter = 0;
    long seconds = 0;
    for (int i = 0; i < sequences.length; i++) {
      sequence += in.readSInt64();
      counter += in.readSInt64();
      seconds += in.readSInt64();
      sequences[i] = sequence;
      counters[i] = counter;
      putSeconds[i] = seconds;
    }
    return Run.of(shard, sequences, counters, putSeconds);
  }
}
