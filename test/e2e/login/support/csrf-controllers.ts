import {
  Body,
  Controller,
  Delete,
  type ExecutionContext,
  Get,
  HttpCode,
  Injectable,
  Options,
  Patch,
  Post,
  Put,
  UseGuards,
} from '@nestjs/common';
import { CsrfGuard, InjectSessionManager, Session, SessionManager, SkipCsrf } from 'nestjs-sessions';

/** Forms that give a token, and handlers that want one. */
@Controller()
export class FormController {
  @Get('form')
  form(@Session() session: Session): string {
    return session.csrfToken();
  }

  @Get('two')
  two(@Session() session: Session): string[] {
    return [session.csrfToken(), session.csrfToken()];
  }

  @Get('safe')
  @HttpCode(200)
  get(): string {
    return 'safe';
  }

  @Options('safe')
  options(): string {
    return 'safe';
  }

  @Post('change')
  @HttpCode(200)
  post(@Session() session: Session): string {
    session.set('changed', true);
    return 'changed';
  }

  @Put('change')
  put(): string {
    return 'changed';
  }

  @Patch('change')
  patch(): string {
    return 'changed';
  }

  @Delete('change')
  delete(): string {
    return 'changed';
  }

  @Post('login')
  @HttpCode(200)
  logIn(@Session() session: Session, @Body('name') name: string): string {
    session.regenerate();
    session.set('user', name);
    return session.csrfToken();
  }

  @Post('logout')
  @HttpCode(200)
  logOut(@Session() session: Session): void {
    session.destroy();
  }

  @SkipCsrf()
  @Post('webhook')
  @HttpCode(200)
  webhook(): string {
    return 'called';
  }
}

@SkipCsrf()
@Controller('skipped')
export class SkippedController {
  @Post()
  @HttpCode(200)
  skipped(): string {
    return 'skipped';
  }

  @SkipCsrf(false)
  @Post('not')
  not(): void {}

  @UseGuards(CsrfGuard)
  @Post('guarded')
  guarded(): void {}
}

/** The guard of a named session. */
@Injectable()
export class AdminCsrfGuard extends CsrfGuard {
  constructor(@InjectSessionManager('admin') sessions: SessionManager) {
    super(sessions);
  }
}

/** Takes the token from the query, and requests from other sites. */
@Injectable()
export class OpenCsrfGuard extends CsrfGuard {
  protected override isTrusted(): boolean {
    return true;
  }

  protected override tokenOf(context: ExecutionContext): unknown {
    return context.switchToHttp().getRequest<{ query: Record<string, unknown> }>().query['_csrf'];
  }
}

@Controller()
export class OtherController {
  @Get('form')
  form(@Session({ name: 'admin' }) admin: Session, @Session() session: Session): string[] {
    return [admin.csrfToken(), session.csrfToken()];
  }

  @UseGuards(AdminCsrfGuard)
  @Post('admin')
  @HttpCode(200)
  admin(): string {
    return 'admin';
  }

  @UseGuards(OpenCsrfGuard)
  @Post('open')
  @HttpCode(200)
  open(): string {
    return 'open';
  }
}
