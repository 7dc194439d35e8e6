package io.millrace.engine.shard;

import io.millrace.engine.model.Payload;
import io.millrace.engine.model.ProducerId;
import io.millrace.engine.shard.ProducerWindow.Run;
import io.millrace.engine.tail.ShardTail.ShardIdentity;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The stored form of {@link ProducerWindows}, which a snapshot ends with, a shard's first event
 * too, and in which parents hand theirs to their children. Integers are written 7 bits a byte, the
 * lowest first, signed ones zigzag; where numbers follow one another, the differences:
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
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    signed(out, windows.youngestForgottenMillis());
    unsigned(out, windows.windows().size());
    windows
        .windows()
        .forEach(
            (producer, window) -> {
              out.writeBytes(
                  ByteBuffer.allocate(2 * Long.BYTES)
                      .putLong(producer.bornMillis())
                      .putLong(producer.random())
                      .array());
              signed(out, window.forgotten());
              signed(out, window.lastMillis());
              unsigned(out, window.runs().size());
              window.runs().forEach(run -> write(out, run));
            });
    return Payload.wrap(out.toByteArray());
  }

  private static void write(ByteArrayOutputStream out, Run run) {
    unsigned(out, run.shard().createdSeconds());
    unsigned(out, run.shard().shardIndex());
    unsigned(out, run.size());
    long sequence = 0;
    long counter = 0;
    long seconds = 0;
    for (int i = 0; i < run.size(); i++) {
      signed(out, run.sequences()[i] - sequence);
      signed(out, run.counters()[i] - counter);
      signed(out, run.putSeconds()[i] - seconds);
      sequence = run.sequences()[i];
      counter = run.counters()[i];
      seconds = run.putSeconds()[i];
    }
  }

  /** What the bytes say. */
  public static ProducerWindows read(Payload bytes) {
    return read(bytes.asByteBuffer());
  }

  static ProducerWindows read(ByteBuffer in) {
    if (!in.hasRemaining()) {
      return ProducerWindows.NONE;
    }
    long youngest = signed(in);
    Map<ProducerId, ProducerWindow> windows = new LinkedHashMap<>();
    for (long left = unsigned(in); left > 0; left--) {
      ProducerId producer = new ProducerId(in.getLong(), in.getLong());
      long forgotten = signed(in);
      long lastMillis = signed(in);
      List<Run> runs = new ArrayList<>();
      for (long more = unsigned(in); more > 0; more--) {
        runs.add(run(in));
      }
      windows.put(producer, new ProducerWindow(forgotten, lastMillis, runs));
    }
    return new ProducerWindows(youngest, windows);
  }

  private static Run run(ByteBuffer in) {
    ShardIdentity shard = new ShardIdentity(unsigned(in), (int) unsigned(in));
    long[] sequences = new long[(int) unsigned(in)];
    long[] counters = new long[sequences.length];
    long[] putSeconds = new long[sequences.length];
    long sequence = 0;
    long counter = 0;
    long seconds = 0;
    for (int i = 0; i < sequences.length; i++) {
      sequence += signed(in);
      counter += signed(in);
      seconds += signed(in);
      sequences[i] = sequence;
      counters[i] = counter;
      putSeconds[i] = seconds;
    }
    return Run.of(shard, sequences, counters, putSeconds);
  }

  private static void signed(ByteArrayOutputStream out, long value) {
    unsigned(out, (value << 1) ^ (value >> 63));
  }

  private static long signed(ByteBuffer in) {
    long zigzag = unsigned(in);
    return (zigzag >>> 1) ^ -(zigzag & 1);
  }

  private static void unsigned(ByteArrayOutputStream out, long value) {
    long rest = value;
    while ((rest & ~0x7fL) != 0) {
      out.write((int) ((rest & 0x7f) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }

  private static long unsigned(ByteBuffer in) {
    long value = 0;
    for (int shift = 0; ; shift += 7) {
      byte next = in.get();
      value |= (next & 0x7fL) << shift;
      if (next >= 0) {
        return value;
      }
    }
  }
}
