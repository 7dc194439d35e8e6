package io.millrace.examples.capacity;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Draws capacity against load, by the hour, as a plain SVG. */
final class CapacityChart {

  private static final int WIDTH = 960;
  private static final int HEIGHT = 420;
  private static final int LEFT = 48;
  private static final int RIGHT = 16;
  private static final int TOP = 40;
  private static final int BOTTOM = 36;
  private static final int HOURS_OF_A_DAY = 24;

  /** The largest figures of an hour. */
  record Hour(double offered, double capacity, double twicePeak, boolean isThrottled) {

    Hour with(SimulatedMinute minute) {
      return new Hour(
          Math.max(offered, minute.offeredMibPerSecond()),
          Math.max(capacity, minute.after().size()),
          Math.max(twicePeak, 2 * minute.observed().peak().shards()),
          isThrottled || minute.isThrottled());
    }
  }

  private final List<Hour> hours = new ArrayList<>();

  void add(SimulatedMinute minute) {
    int hour = minute.minute() / 60;
    if (hour == hours.size()) {
      hours.add(new Hour(0, 0, 0, false));
    }
    hours.set(hour, hours.get(hour).with(minute));
  }

  String svg() {
    double top = hours.stream().mapToDouble(Hour::capacity).max().orElse(1) * 1.1;
    StringBuilder svg = new StringBuilder();
    line(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"12\">",
        WIDTH,
        HEIGHT);
    line(svg, "<title>Capacity of an on-demand stream against its load</title>");
    line(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
    axes(svg, top);
    line(svg, "<path fill=\"#9ecae1\" d=\"%s\"/>", area(Hour::offered, top));
    for (int hour = 0; hour < hours.size(); hour++) {
      if (hours.get(hour).isThrottled()) {
        line(
            svg,
            "<circle cx=\"%s\" cy=\"%s\" r=\"4\" fill=\"#d62728\"/>",
            number(x(hour)),
            number(y(hours.get(hour).offered(), top)));
      }
    }
    curve(svg, "stroke=\"#7f7f7f\" stroke-dasharray=\"5 3\"", Hour::twicePeak, top);
    curve(svg, "stroke=\"#1f4e79\" stroke-width=\"2\"", Hour::capacity, top);
    legend(svg);
    line(svg, "</svg>");
    return svg.toString();
  }

  private void axes(StringBuilder svg, double top) {
    for (int mib = 0; mib <= top; mib += top > 20 ? 10 : 2) {
      String y = number(y(mib, top));
      line(
          svg,
          "<line x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\" stroke=\"#e5e5e5\"/>",
          LEFT,
          WIDTH - RIGHT,
          y,
          y);
      line(svg, "<text x=\"%d\" y=\"%s\" text-anchor=\"end\">%d</text>", LEFT - 6, y, mib);
    }
    int days = hours.size() / HOURS_OF_A_DAY;
    for (int day = 0; day <= days; day += 7) {
      line(
          svg,
          "<text x=\"%s\" y=\"%d\" text-anchor=\"middle\">day %d</text>",
          number(x(day * HOURS_OF_A_DAY)),
          HEIGHT - BOTTOM + 20,
          day);
    }
  }

  private static void legend(StringBuilder svg) {
    String[][] entries = {
      {"#1f4e79", "capacity, MiB/s (one shard each)"},
      {"#7f7f7f", "twice the 30-day peak"},
      {"#9ecae1", "load, MiB/s (largest minute of each hour)"},
      {"#d62728", "throttled"}
    };
    int x = LEFT;
    for (String[] entry : entries) {
      line(svg, "<rect x=\"%d\" y=\"12\" width=\"12\" height=\"12\" fill=\"%s\"/>", x, entry[0]);
      line(svg, "<text x=\"%d\" y=\"22\">%s</text>", x + 18, entry[1]);
      x += 50 + 7 * entry[1].length();
    }
  }

  private void curve(StringBuilder svg, String style, ToDoubleFunction<Hour> figure, double top) {
    StringBuilder path = new StringBuilder();
    String lastY = "";
    for (int hour = 0; hour < hours.size(); hour++) {
      String y = number(y(figure.applyAsDouble(hours.get(hour)), top));
      if (hour == 0) {
        path.append('M').append(number(x(0))).append(' ').append(y);
      } else if (!y.equals(lastY)) {
        path.append('H').append(number(x(hour))).append('V').append(y);
      }
      lastY = y;
    }
    path.append('H').append(number(x(hours.size())));
    line(svg, "<path fill=\"none\" %s d=\"%s\"/>", style, path);
  }

  private String area(ToDoubleFunction<Hour> figure, double top) {
    StringBuilder path = new StringBuilder("M").append(number(x(0))).append(' ');
    path.append(number(y(0, top)));
    for (int hour = 0; hour < hours.size(); hour++) {
      path.append('L').append(number(x(hour))).append(' ');
      path.append(number(y(figure.applyAsDouble(hours.get(hour)), top)));
    }
    return path.append('V').append(number(y(0, top))).append('Z').toString();
  }

  private double x(int hour) {
    return LEFT + (double) hour * (WIDTH - LEFT - RIGHT) / hours.size();
  }

  private static double y(double mibPerSecond, double top) {
    return HEIGHT - BOTTOM - mibPerSecond * (HEIGHT - TOP - BOTTOM) / top;
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }

  private static void line(StringBuilder svg, String format, Object... arguments) {
    svg.append(String.format(Locale.ROOT, format, arguments)).append('\n');
  }
}
