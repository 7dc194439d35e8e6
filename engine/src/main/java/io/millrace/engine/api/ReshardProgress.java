package io.millrace.engine.api;

/**
 * How far a stream's reshard has come. Each step replaces some shards by others, at an instant of
 * its own.
 *
 * @param stepsDone steps that are done
 * @param steps steps in all; 0 when nothing is resharded
 */
public record ReshardProgress(int stepsDone, int steps) {

  /** Nothing is resharded. */
  public static final ReshardProgress NONE = new ReshardProgress(0, 0);
}
