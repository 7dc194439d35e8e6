package io.millrace.systemtests;

import java.nio.ByteBuffer;

/**
 * Which of the records that a crash test puts this is. Each is put at most once.
 *
 * @param round the process that put it, from 0
 * @param producer the thread in that process, from 0
 * @param request the request of that thread, from 0; each was answered before the next was made
 * @param index the place in that request, from 0
 */
record WrittenId(int round, int producer, int request, int index) {

  static final int BYTES = 4 * Integer.BYTES;

  /** The id that data begin with. */
  static WrittenId read(ByteBuffer data) {
    return new WrittenId(data.getInt(), data.getInt(), data.getInt(), data.getInt());
  }

  void write(ByteBuffer data) {
    data.putInt(round).putInt(producer).putInt(request).putInt(index);
  }
}
