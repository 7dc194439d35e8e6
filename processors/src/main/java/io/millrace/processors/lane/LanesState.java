package io.millrace.processors.lane;

import java.util.List;

/**
 * What a shard's lanes store with a checkpoint, so that little is done twice after a restart.
 * Bounded: at most {@value #MAX_LAYOUTS} layouts of at most ten lanes, and a window for each lane.
 *
 * @param layouts records that are finished above the checkpoint, by the numbers of lanes that there
 *     were, the newest last
 * @param windows the windows that are open
 */
public record LanesState(List<Layout> layouts, List<LaneWindow> windows) {

  static final int MAX_LAYOUTS = 4;

  /** The number of lanes of a window that was opened by others than those who have it now. */
  static final int FOREIGN = 0;

  /** Nothing is finished, no window is open. */
  public static final LanesState EMPTY = new LanesState(List.of(), List.of());

  /**
   * The window of a lane.
   *
   * @param factor the number of lanes when it was opened; 0 when those are no more
   * @param lane the lane
   * @param open the window
   */
  public record LaneWindow(int factor, int lane, OpenWindow open) {}

  public LanesState {
    layouts = List.copyOf(layouts);
    windows = List.copyOf(windows);
  }
}
