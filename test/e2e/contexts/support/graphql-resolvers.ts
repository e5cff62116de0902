import { type CanActivate, type ExecutionContext, Injectable, Scope, UseGuards } from '@nestjs/common';
import { Args, Context, GqlExecutionContext, Int, Mutation, Query, Resolver } from '@nestjs/graphql';
import { Session, SessionManager, SessionService } from 'nestjs-sessions';

/** What the sessions of these applications hold. */
export interface Visitor {
  user?: string;
  visits?: number;
  tags?: string[];
  cart?: string[];
  bad?: unknown;
}

/** Keeps every session that a resolver, guard or service has got, and lets fields wait for each other. */
@Injectable()
export class Witness {
  readonly sessions: object[] = [];
  readonly #waiting: (() => void)[] = [];

  saw<T extends object>(session: T): T {
    this.sessions.push(session);
    return session;
  }

  /** Resolves once so many have arrived. */
  meet(count: number): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#waiting.length === count) for (const go of this.#waiting.splice(0)) go();
    });
  }
}

/** Takes the session from the context as Nest hands it over. */
@Injectable()
export class LoggedInGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionManager,
    private readonly witness: Witness,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    return this.witness.saw(this.sessions.open<Visitor>(context)).has('user');
  }
}

/** As the documents of Nest have it: by way of `GqlExecutionContext`. */
@Injectable()
export class GqlGuard implements CanActivate {
  constructor(
    private readonly sessions: SessionManager,
    private readonly witness: Witness,
  ) {}

  canActivate(context: ExecutionContext): boolean {
    const gql = GqlExecutionContext.create(context);
    this.witness.saw(this.sessions.open(gql.getContext<object>()));
    return this.witness.saw(this.sessions.open<Visitor>(gql)).has('user');
  }
}

/** Request-scoped, as whoever injects the session is. */
@Injectable({ scope: Scope.REQUEST })
export class Profile {
  constructor(
    private readonly session: SessionService<Visitor>,
    private readonly witness: Witness,
  ) {}

  name(): string {
    return this.witness.saw(this.session).get('user') ?? 'nobody';
  }
}

@Resolver()
export class ProfileResolver {
  constructor(
    private readonly session: SessionService<Visitor>,
    private readonly profile: Profile,
    private readonly witness: Witness,
  ) {}

  @Query(() => String)
  profileName(@Session() session: Session<Visitor>): string {
    this.witness.saw(session);
    this.witness.saw(this.session);
    return this.profile.name();
  }
}

@Resolver()
export class VisitorResolver {
  constructor(
    private readonly sessions: SessionManager,
    private readonly witness: Witness,
  ) {}

  @Query(() => String)
  ping(): string {
    return 'pong';
  }

  @Query(() => String, { nullable: true })
  user(@Session('user') user?: string): string | undefined {
    return user;
  }

  /** Reads, waits until three fields of the same query have read, and writes. */
  @Query(() => Int)
  async visit(@Session() session: Session<Visitor>): Promise<number> {
    this.witness.saw(session);
    await this.witness.meet(3);
    session.set('visits', (session.get('visits') ?? 0) + 1);
    return session.get('visits') ?? 0;
  }

  @Query(() => String)
  @UseGuards(LoggedInGuard, GqlGuard)
  secret(@Session() session: Session<Visitor>, @Context() context: object): string {
    this.witness.saw(this.sessions.open(context));
    return `for ${this.witness.saw(session).get('user')}`;
  }

  @Mutation(() => String)
  logIn(@Args('name') name: string, @Session() session: Session<Visitor>): string {
    session.regenerate({ keep: ['cart'] });
    session.set('user', name);
    return session.id;
  }

  @Mutation(() => Boolean)
  tag(@Args('tag') tag: string, @Session() session: Session<Visitor>): boolean {
    session.set('tags', [...(session.get('tags') ?? []), tag]);
    return true;
  }

  @Mutation(() => Boolean)
  logOut(@Session() session: Session<Visitor>): boolean {
    session.destroy();
    return true;
  }

  @Mutation(() => Boolean)
  spoil(@Session() session: Session<Visitor>): boolean {
    session.set('bad', 10n);
    return true;
  }

  @Mutation(() => Boolean)
  fail(@Session() session: Session<Visitor>): boolean {
    session.set('user', 'somebody');
    throw new Error('It failed.');
  }
}
