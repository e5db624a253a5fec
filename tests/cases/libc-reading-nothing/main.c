#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/uio.h>
#include <unistd.h>

int main(void) {
  char room[8];
  struct iovec parts[2] = {{room, 0}, {room, 0}};
  printf("nothing of standard input: %d\n", (int)read(0, room, 0));
  printf("no parts of it: %d\n", (int)readv(0, parts, 2));
  printf("then all of it: %d\n", (int)read(0, room, sizeof room));
  int file = open("new", O_RDWR | O_CREAT, 0600);
  printf("nothing of a file: %d\n", (int)read(file, room, 0));
  int got = (int)read(99, room, 0);
  printf("of nothing: %d, %d\n", got, errno == EBADF);
  return 0;
}
