#!/usr/bin/env python3
"""The yardstick of `study`: the loss of a node of the reference design, as a SimPy program.

The same model and the same random inputs as the C++ world (sim/world), without a workload: SQL1 loses its power, SQL2
misses its heartbeats, regroups, arbitrates for the witness and takes the role; its resources come online in the order
of their dependencies, SSISDB recovers, the Scale Out Master connects to it, and the workers find their way back.
Written for SimPy 2.3 (Debian's python3-simpy); times are whole nanoseconds.

usage: node_loss_simpy.py every_beat|lean INPUT

every_beat: heartbeats, health polls and the workers' calls are processes that tick from the start to the end: the same
events as the world's Tempo::every_beat. lean: they tick only after something changed that a tick may find, and nothing
before the loss is simulated.

INPUT holds a line of JSON with what all replications share, and then one a replication with what was drawn
(tests/bench/node_loss_inputs.cpp). Printed are the outages of each replication in nanoseconds, as sql_server, ssisdb,
scale_out_master and package_execution, -1 for one that does not end; then, each in a line of its own, the events and
the processor seconds of a replication. The clock runs around the simulations alone.
"""
import json
import sys
import time

from SimPy.Simulation import Process, Simulation, hold, passivate

BROKEN, HANGING, CLOSED, CONNECTING, OPEN = range(5)


def next_beat(rhythm, now):
    """The first beat after now of something that beats at anchor + k * period."""
    anchor, period = rhythm
    return now + period - (now - anchor) % period


class Farm(Simulation):
    """One replication, lean."""

    def __init__(self, shared, drawn):
        Simulation.__init__(self)
        self.shared = shared
        self.address_online = False
        self.ssisdb_open = False
        self.master_runs = False
        self.master_connected = False
        self.workers_connected = 0
        self.ended = {}
        self.role = Role(self, drawn)
        self.workers = [Worker(self, worker) for worker in drawn['workers']]

    def replicate(self):
        shared = self.shared
        self.take_over(self.silence_found())
        for worker in self.workers:
            worker.lose_peer()
        self.simulate(until=shared['until'])

    def silence_found(self):
        """The first check at which the last heartbeat lies Threshold x Delay back."""
        drawn, shared = self.role.drawn, self.shared
        anchor, period = drawn['heartbeat']
        heard = shared['loss'] - (shared['loss'] - anchor) % period
        return next_beat(drawn['check'], heard + shared['silence_limit'] - 1)

    def take_over(self, silence_found):
        sql2 = Node(self)
        self.activate(sql2, sql2.survive(), at=silence_found)

    def heed(self, calls):
        """The next of these calls may notice something."""
        if not calls.active():
            self.activate(calls, calls.course, at=next_beat(calls.rhythm, max(self.now(), self.shared['loss'])))

    def role_taken(self, sql2):
        """The witness, which SQL2 owns now, is polled."""
        yield hold, sql2, next_beat(self.role.drawn['witness_poll'], self.now()) - self.now()

    def watched(self, resource):
        """The phase of the polls starts at Online."""
        looks_alive, is_alive = self.shared['polls'][resource.name]
        yield hold, resource, looks_alive
        assert resource.name in self.role.online
        yield hold, resource, is_alive - looks_alive
        assert resource.name in self.role.online

    def master_works(self):
        pass

    def back(self, service):
        self.ended.setdefault(service, self.now())

    def review(self):
        """Something on the way to the catalog changed: the workers' next calls may notice."""
        for worker in self.workers:
            worker.heed()
        if self.ssisdb_open and self.master_connected and self.workers_connected:
            self.back('package_execution')

    def outages(self):
        loss = self.shared['loss']
        services = ('sql_server', 'ssisdb', 'scale_out_master', 'package_execution')
        return [self.ended[service] - loss if service in self.ended else -1 for service in services]


class Node(Process):
    """SQL2, which goes on as the cluster."""

    def __init__(self, farm):
        Process.__init__(self, 'SQL2', sim=farm)

    def survive(self):
        drawn, farm = self.sim.role.drawn, self.sim
        yield hold, self, drawn['regroup']
        # One node of two is no majority: the witness decides, after the challenger's delay.
        yield hold, self, farm.shared['arbitration_delay'] + drawn['arbitration']
        farm.role.bring_up()
        yield from farm.role_taken(self)


class Role:
    """SQL Server's role, with the master in it."""

    def __init__(self, farm, drawn):
        self.farm = farm
        self.drawn = drawn
        self.online = set()
        self.waiting = dict(farm.shared['needs'])

    def bring_up(self):
        """Whatever has all that it depends on starts, in parallel."""
        ready = [name for name, needs in self.waiting.items() if self.online.issuperset(needs)]
        for name in ready:
            del self.waiting[name]
            resource = Resource(self, name)
            self.farm.activate(resource, resource.live(), delay=self.drawn['online'][name])

    def came_online(self, name):
        self.online.add(name)
        farm = self.farm
        if name == 'address':
            farm.address_online = True
            for worker in farm.workers:
                worker.connection.peer_answers()
            farm.review()
        elif name == 'name':
            farm.review()
        elif name == 'sql_server':
            farm.back('sql_server')
            database = Database(farm)
            farm.activate(database, database.recover(), delay=self.drawn['recovery'])
        elif name == 'master':
            master = Master(farm)
            farm.activate(master, master.serve())
        self.bring_up()


class Resource(Process):
    def __init__(self, role, name):
        Process.__init__(self, name, sim=role.farm)
        self.role = role

    def live(self):
        """From the end of Online Pending on."""
        self.role.came_online(self.name)
        yield from self.sim.watched(self)


class Database(Process):
    def __init__(self, farm):
        Process.__init__(self, 'SSISDB', sim=farm)

    def recover(self):
        self.sim.ssisdb_open = True
        self.sim.back('ssisdb')
        self.sim.review()
        return
        yield  # SimPy starts generators only


class Master(Process):
    """The Scale Out Master's service, which connects when SSISDB is open and else tries again."""

    def __init__(self, farm):
        Process.__init__(self, 'Scale Out Master', sim=farm)

    def serve(self):
        farm = self.sim
        farm.master_runs = True
        farm.review()
        while not farm.ssisdb_open:
            yield hold, self, farm.shared['master_retry']
        farm.master_connected = True
        farm.master_works()
        farm.back('scale_out_master')
        farm.review()


class Worker:
    """Calls the master, never the other way round: with its agent heartbeats and with its polls for tasks."""

    def __init__(self, farm, drawn):
        self.handshakes = iter(drawn['handshakes'])
        self.connection = Connection(farm, self)
        self.calls = [Calls(farm, self, drawn['poll']), Calls(farm, self, drawn['agent'])]

    def lose_peer(self):
        self.connection.line = BROKEN
        self.heed()

    def heed(self):
        for calls in self.calls:
            self.connection.sim.heed(calls)


class Calls(Process):
    """One kind of scheduled calls."""

    def __init__(self, farm, worker, rhythm):
        Process.__init__(self, 'calls', sim=farm)
        self.worker = worker
        self.rhythm = rhythm
        self.course = self.tick()

    def notice(self):
        connection = self.worker.connection
        if connection.line == BROKEN or connection.line == CLOSED:
            connection.call()

    def tick(self):
        while True:
            self.notice()
            yield passivate, self

    def tick_for_good(self):
        while True:
            self.notice()
            yield hold, self, self.rhythm[1]


class Connection(Process):
    """A worker's connection to the master."""

    def __init__(self, farm, worker):
        Process.__init__(self, 'connection', sim=farm)
        self.worker = worker
        self.line = OPEN
        self.begun = 0
        self.resolved_until = 0
        self.course = self.live()

    def call(self):
        farm, shared = self.sim, self.sim.shared
        now = farm.now()
        if self.line == BROKEN:
            # The request is sent again and again until the connection is reset or TCP gives up.
            self.line = HANGING
            farm.activate(self, self.course, delay=0 if farm.address_online else shared['tcp_timeout'])
            return
        if now >= self.resolved_until:
            self.resolved_until = now + shared['name_lifetime']
        self.line = CONNECTING
        self.begun = now
        farm.activate(self, self.course, delay=next(self.worker.handshakes))

    def peer_answers(self):
        """Whoever has the address now knows nothing of the connection and resets it."""
        if self.line == HANGING:
            self.sim.reactivate(self)

    def live(self):
        """From the end of the call that hung on. Once it is CONNECTING, from each of its tries on."""
        farm, shared = self.sim, self.sim.shared
        while True:
            self.line = CLOSED
            self.worker.heed()
            yield passivate, self
            passed = farm.now() - self.begun
            while passed < shared['tcp_timeout']:
                if farm.address_online and farm.master_runs:
                    self.line = OPEN
                    farm.workers_connected += 1
                    farm.review()
                    return
                # SYN packets go out at once and at two doublings of the retransmission time; then TCP gives up.
                next_try = min(at for at in shared['syn_at'] if at > passed)
                yield hold, self, next_try - passed
                passed = next_try


class Beat(Process):
    """Something periodic that finds nothing here: a machine that loses its power tells nobody."""

    def __init__(self, farm, period):
        Process.__init__(self, 'beat', sim=farm)
        self.period = period

    def tick_for_good(self):
        while True:
            self.notice()
            yield hold, self, self.period

    def notice(self):
        pass


class Heartbeat(Beat):
    """Of SQL2 to SQL1, which answers while it has power."""

    def notice(self):
        if self.sim.sql1_runs:
            self.sim.heard = self.sim.now()


class SilenceCheck(Beat):
    """Of SQL2: the last heartbeat of SQL1 may lie Threshold x Delay back."""

    def notice(self):
        farm = self.sim
        if not farm.silent and farm.now() - farm.heard >= farm.shared['silence_limit']:
            farm.silent = True
            farm.take_over(farm.now())


class PowerLoss(Process):
    def happen(self):
        self.sim.lose_power(self)
        return
        yield  # SimPy starts generators only


class EveryBeatFarm(Farm):
    """One replication in which every beat is an event."""

    def replicate(self):
        drawn, shared = self.role.drawn, self.shared
        self.sql1_runs = True
        self.silent = False
        beats = drawn['beats']
        self.of_sql1 = [self.beat(Beat, *rhythm) for rhythm in beats['of_sql1']]
        self.of_the_role = [self.beat(Beat, *rhythm) for rhythm in beats['of_the_role']]
        self.between = [self.beat(Heartbeat, *drawn['heartbeat']), self.beat(SilenceCheck, *drawn['check'])]
        self.heard = drawn['heartbeat'][0]
        self.beat(Beat, *drawn['witness_poll'])
        for worker in self.workers:
            for calls in worker.calls:
                self.activate(calls, calls.tick_for_good(), at=sum(calls.rhythm))
        loss = PowerLoss('power loss', sim=self)
        self.activate(loss, loss.happen(), at=shared['loss'])
        self.simulate(until=shared['until'])

    def beat(self, kind, anchor, period):
        process = kind(self, period)
        self.activate(process, process.tick_for_good(), at=anchor + period)
        return process

    def lose_power(self, loss):
        self.sql1_runs = False
        for beat in self.of_sql1:
            loss.cancel(beat)
        for worker in self.workers:
            worker.lose_peer()

    def heed(self, calls):
        pass  # they tick

    def role_taken(self, sql2):
        for beat in self.of_the_role + self.between:
            sql2.cancel(beat)
        return
        yield

    def watched(self, resource):
        for period in self.shared['polls'][resource.name]:
            self.beat(Beat, self.now(), period)
        if resource.name == 'sql_server':
            self.beat(Beat, self.now(), self.shared['diagnostics'])
        return
        yield

    def master_works(self):
        for period in self.shared['master_work']:
            self.beat(Beat, self.now(), period)


def steps_of(kind, shared, drawn):
    steps = 0

    class Counted(kind):
        def step(self):
            nonlocal steps
            steps += 1
            return kind.step(self)

    Counted(shared, drawn).replicate()
    return steps


def main(kind, path):
    with open(path) as lines:
        shared, *replications = [json.loads(line) for line in lines]
    results = []
    begun = time.process_time()
    for drawn in replications:
        farm = kind(shared, drawn)
        farm.replicate()
        results.append(farm.outages())
    seconds = time.process_time() - begun
    for outages in results:
        print(*outages)
    print(sum(steps_of(kind, shared, drawn) for drawn in replications) / len(replications))
    print(seconds / len(replications))


if __name__ == '__main__':
    kinds = {'every_beat': EveryBeatFarm, 'lean': Farm}
    if len(sys.argv) != 3 or sys.argv[1] not in kinds:
        sys.exit(__doc__)
    main(kinds[sys.argv[1]], sys.argv[2])
