package io.millrace.channels.bucket;

import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How keys are made: text with variables {@code !{channel-name}}, {@code !{channel-id}}, {@code
 * !{yyyy}}, {@code !{MM}}, {@code !{dd}}, {@code !{HH}}, {@code !{mm}} (when the oldest record
 * arrived, in UTC) and {@code !{extension}}. Every key gets a suffix that no other key has: before
 * the extension, where the template ends with that, otherwise at its end. Immutable.
 */
public final class KeyTemplate {

  /** The template of channels that name none. */
  public static final String DEFAULT =
      "kinesis-channel/!{channel-name}/!{channel-id}/!{yyyy}/!{MM}/!{dd}/!{HH}/"
          + "!{channel-name}-!{channel-id}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}";

  /** What follows the prefix in the keys of dead letters. */
  private static final String AFTER_PREFIX =
      "!{yyyy}/!{MM}/!{dd}/!{HH}/!{channel-name}-!{yyyy}-!{MM}-!{dd}-!{HH}-!{mm}!{extension}";

  private static final Pattern VARIABLE = Pattern.compile("!\\{([^{}]*)}");

  private static final Map<String, Variable> VARIABLES =
      Arrays.stream(Variable.values())
          .collect(Collectors.toUnmodifiableMap(variable -> variable.text, each -> each));

  private final String text;
  private final List<Part> parts;

  private interface Part {
    String of(ObjectFacts facts);
  }

  private record Literal(String text) implements Part {
    @Override
    public String of(ObjectFacts facts) {
      return text;
    }
  }

  private enum Variable implements Part {
    CHANNEL_NAME("channel-name", ObjectFacts::channelName),
    CHANNEL_ID("channel-id", ObjectFacts::channelId),
    YEAR("yyyy", facts -> "%04d".formatted(time(facts).getYear())),
    MONTH("MM", facts -> "%02d".formatted(time(facts).getMonthValue())),
    DAY("dd", facts -> "%02d".formatted(time(facts).getDayOfMonth())),
    HOUR("HH", facts -> "%02d".formatted(time(facts).getHour())),
    MINUTE("mm", facts -> "%02d".formatted(time(facts).getMinute())),
    EXTENSION("extension", ObjectFacts::extension);

    private final String text;

    @SuppressWarnings("ImmutableEnumChecker") // has no state
    private final Function<ObjectFacts, String> value;

    Variable(String text, Function<ObjectFacts, String> value) {
      this.text = text;
      this.value = value;
    }

    @Override
    public String of(ObjectFacts facts) {
      return value.apply(facts);
    }

    private static OffsetDateTime time(ObjectFacts facts) {
      return facts.oldest().atOffset(ZoneOffset.UTC);
    }
  }

  private KeyTemplate(String text, List<Part> parts) {
    this.text = text;
    this.parts = List.copyOf(parts);
  }

  /**
   * Reads a template.
   *
   * @throws IllegalArgumentException with a sentence for callers: when a brace belongs to no
   *     variable, or a variable is unknown. Whether its keys are keys shows when they are made
   */
  public static KeyTemplate parse(String text) {
    List<Part> parts = new ArrayList<>();
    Matcher matcher = VARIABLE.matcher(text);
    int from = 0;
    while (matcher.find()) {
      addLiteral(text.substring(from, matcher.start()), parts);
      Variable variable = VARIABLES.get(matcher.group(1));
      if (variable == null) {
        throw new IllegalArgumentException(
            "The template has the variable %s, and there is none of this name."
                .formatted(matcher.group()));
      }
      parts.add(variable);
      from = matcher.end();
    }
    addLiteral(text.substring(from), parts);
    return new KeyTemplate(text, parts);
  }

  private static void addLiteral(String literal, List<Part> parts) {
    if (literal.indexOf('{') >= 0 || literal.indexOf('}') >= 0) {
      throw new IllegalArgumentException(
          "The template has a brace that belongs to no variable, in %s.".formatted(literal));
    }
    if (!literal.isEmpty()) {
      parts.add(new Literal(literal));
    }
  }

  /** The template of dead letters whose keys begin so. */
  public static KeyTemplate ofDeadLetters(String prefix) {
    return parse(prefix + AFTER_PREFIX);
  }

  /**
   * The key of an object.
   *
   * @throws IllegalArgumentException with a sentence for callers when that is no {@link ObjectKey}
   */
  public ObjectKey key(ObjectFacts facts) {
    int last = parts.size() - 1;
    boolean isExtensionLast = last >= 0 && parts.get(last) == Variable.EXTENSION;
    StringBuilder key = new StringBuilder();
    for (int i = 0; i <= last; i++) {
      key.append(i == last && isExtensionLast ? facts.suffix() : "").append(parts.get(i).of(facts));
    }
    // A template that ends with a slash names no object, whatever the suffix.
    if (!isExtensionLast) {
      new ObjectKey(key.toString());
      key.append(facts.suffix());
    }
    return new ObjectKey(key.toString());
  }

  @Override
  public String toString() {
    return text;
  }
}
