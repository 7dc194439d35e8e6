package io.millrace.examples.capacity;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.millrace.engine.capacity.OnDemandRule;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Drives the on-demand rule through seven weeks of made-up traffic, prints what it decided and
 * draws capacity against load.
 */
public final class OnDemandCapacity {

  private OnDemandCapacity() {}

  /**
   * Runs the simulation.
   *
   * @param args the file to write the chart to; docs/on-demand-capacity.svg when absent
   */
  public static void main(String[] args) throws IOException {
    run(Path.of(args.length > 0 ? args[0] : "docs/on-demand-capacity.svg"), System.out);
  }

  static void run(Path file, PrintStream out) throws IOException {
    OnDemandSimulation simulation =
        new OnDemandSimulation(new OnDemandRule(0, 200), Workload.sevenWeeks());
    CapacityChart chart = new CapacityChart();
    DecisionTable table = new DecisionTable();
    while (simulation.hasNext()) {
      SimulatedMinute minute = simulation.next();
      chart.add(minute);
      table.add(minute);
    }
    table.lines().forEach(out::println);
    Files.write(file, chart.svg().getBytes(UTF_8));
  }
}
