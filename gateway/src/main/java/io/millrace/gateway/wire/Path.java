package io.millrace.gateway.wire;

import io.millrace.gateway.model.Shape.Member;

/**
 * Where a value stands in a body, as validation messages name it: {@code records.3.member.data}.
 * Spelled out only when something is wrong with the value.
 */
final class Path {

  /** The body as a whole. */
  static final Path ROOT = new Path(null, "");

  private final Path parent;
  private final String name;

  /** The place in a list, from 1; 0 outside of one. */
  private final int place;

  private Path(Path parent, String name, int place) {
    this.parent = parent;
    this.name = name;
    this.place = place;
  }

  private Path(Path parent, String name) {
    this(parent, name, 0);
  }

  /** A member of the structure that stands here. */
  Path member(Member member) {
    return new Path(this, member.path());
  }

  /** An element of the list that stands here, by its index. */
  Path element(int index) {
    return new Path(this, "member", index + 1);
  }

  /** A part of the map that stands here. */
  Path part(String part) {
    return new Path(this, part);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    spell(text);
    return text.toString();
  }

  private void spell(StringBuilder text) {
    if (parent == null) {
      return;
    }
    parent.spell(text);
    if (!text.isEmpty()) {
      text.append('.');
    }
    if (place > 0) {
      text.append(place).append('.');
    }
    text.append(name);
  }
}
