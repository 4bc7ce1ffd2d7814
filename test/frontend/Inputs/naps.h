#ifdef __cplusplus
extern "C" {
#endif
struct lock { int held; };
void lock_it(struct lock *l);
void unlock_it(struct lock *l);
void nap(void);
#ifdef __cplusplus
}
#endif
