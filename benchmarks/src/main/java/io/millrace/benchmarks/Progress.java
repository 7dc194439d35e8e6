package io.millrace.benchmarks;

import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** Tells whoever waits what is being measured, on the error stream. */
final class Progress {

  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

  private Progress() {}

  static void say(String what) {
    System.err.println(LocalTime.now(ZoneId.systemDefault()).format(TIME) + " " + what);
  }
}
