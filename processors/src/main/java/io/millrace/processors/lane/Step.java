package io.millrace.processors.lane;

/** What the machine wants done for one of its lanes; the lane waits until it hears of it. */
public sealed interface Step {

  /** The lane, from 0. */
  int lane();

  /** Call the function, then say {@link ShardLanes#completed}. */
  record Invoke(int lane, Invocation invocation) implements Step {}

  /** Send a notice, then say {@link ShardLanes#reported}. */
  record Report(int lane, Discard discard) implements Step {}
}
