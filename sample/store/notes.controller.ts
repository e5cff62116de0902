import { Body, Controller, Get, Header, Headers, Inject, Post, Redirect } from '@nestjs/common';
import { Session } from 'nestjs-sessions';
import { readName } from '../login/visitor.js';
import { MOST_NOTES, type Notebook, readNote } from './notes.js';
import { page } from './page.js';
import { SampleStore } from './sample-store.js';

const NO_SCRIPTS = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'";

@Controller()
export class NotesController {
  constructor(@Inject(SampleStore) private readonly store: SampleStore) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('Content-Security-Policy', NO_SCRIPTS)
  show(@Session() session: Session<Notebook>, @Headers('cookie') cookies = ''): string {
    return page(session, cookies, this.store.name);
  }

  @Post('login')
  @Redirect('/', 303)
  logIn(@Session() session: Session<Notebook>, @Body('name') name: unknown): void {
    const user = readName(name);
    if (user === undefined) return;
    session.regenerate();
    session.set('user', user);
  }

  @Post('notes')
  @Redirect('/', 303)
  keep(@Session() session: Session<Notebook>, @Body('note') input: unknown): void {
    const note = readNote(input);
    const notes = session.get('notes') ?? [];
    if (note === undefined || !session.has('user') || notes.length === MOST_NOTES) return;
    session.set('notes', [...notes, note]);
  }

  /** Ends the session in the store: a copy of its cookie is worth nothing from now on. */
  @Post('logout')
  @Redirect('/', 303)
  logOut(@Session() session: Session<Notebook>): void {
    session.destroy();
  }
}
