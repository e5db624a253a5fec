#pragma once
struct Failure {
  explicit Failure(int code) : code(code) {}
  virtual ~Failure();
  int code;
};
void thrown_here(int code);
void thrown_there(int code);
